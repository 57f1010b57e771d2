namespace Provenance.Archive.Records;

/// <summary>A git work tree that holds a file the job read or executed.</summary>
public sealed record SourceTree
{
    /// <summary>Its folder, on the host.</summary>
    public required string Path { get; init; }

    /// <summary>The commit that was checked out, lowercase hex; null when there was none yet.</summary>
    public string? Commit { get; init; }

    /// <summary>Null when no branch was checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether tracked files, or used ones that are not tracked, were other than the commit has them; null when git could not tell.</summary>
    public bool? Dirty { get; init; }

    /// <summary>Files that were, relative to the folder: the first 20.</summary>
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>Address of the remote named origin, without user and password.</summary>
    public string? Remote { get; init; }
}
