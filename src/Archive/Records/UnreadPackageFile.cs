namespace Provenance.Archive.Records;

/// <summary>A file of a package manager that could not be read, or not all of it.</summary>
public sealed record UnreadPackageFile
{
    /// <summary>As in the tree manifest.</summary>
    public required string Path { get; init; }

    /// <summary>A part of a sentence.</summary>
    public required string Reason { get; init; }
}
