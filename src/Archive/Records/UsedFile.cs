namespace Provenance.Archive.Records;

/// <summary>A file that stood in a mounted folder when the job began, or that the job read or executed. One JSON line of the list.</summary>
/// <remarks>The members stand in the order of RFC 8785 §3.2.3, so that a line need not be sorted when it is written.</remarks>
public sealed record UsedFile
{
    /// <summary>Where it belongs; null when its use was not observed.</summary>
    public FileClass? Class { get; init; }

    /// <summary>Null when the content was not hashed; <see cref="NotHashed"/> says why.</summary>
    public DigestSet? Digest { get; init; }

    /// <summary>True when its content is in the archive.</summary>
    public required bool Kept { get; init; }

    public required FileKind Kind { get; init; }

    /// <summary>The first path of the list at which the same file stands: this one is a further hard link (inode(7)) of it.</summary>
    /// <remarks>Null for the first, for a file with one name, and in records of earlier programs.</remarks>
    public string? LinkedTo { get; init; }

    /// <summary>Permission bits, octal: <c>0644</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Of a regular file, when it was last modified: RFC 3339, UTC, nine digits. Null in records of earlier programs.</summary>
    public string? Modified { get; init; }

    public string? NotHashed { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>In bytes; 0 for what is no regular file.</summary>
    public required long Size { get; init; }

    /// <summary>Target of a symbolic link.</summary>
    public string? Target { get; init; }

    /// <summary>What the job did with it; null when that was not observed.</summary>
    public FileUse? Use { get; init; }

    /// <summary>Whether a call asked to write to it, or to change its name, mode, owner, times or attributes.</summary>
    /// <remarks>Null when that is not known, and for what goes without saying: schema/json/used-file.schema.json.</remarks>
    public bool? WriteAccess { get; init; }
}
