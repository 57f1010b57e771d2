namespace Provenance.Web.Api;

/// <summary>A page of a list of runs, the newest first.</summary>
internal sealed record RunListDocument
{
    public required IReadOnlyList<RunItem> Runs { get; init; }

    /// <summary>The address of the next page; absent at the end.</summary>
    public string? Next { get; init; }
}
