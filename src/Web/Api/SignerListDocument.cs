namespace Provenance.Web.Api;

/// <summary>A page of the list of signers, in order of their certificates.</summary>
internal sealed record SignerListDocument
{
    public required IReadOnlyList<SignerDocument> Signers { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
