namespace Provenance.Archive.Images;

/// <summary>One extended attribute.</summary>
public sealed record TreeXattr
{
    public required string Name { get; init; }

    /// <summary>Base64.</summary>
    public required string Value { get; init; }
}
