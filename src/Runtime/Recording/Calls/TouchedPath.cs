using Provenance.Archive.Content;
using Provenance.Archive.Records;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>A path that a job's calls named: what stood there when it began, and what was done since. There may be a million: it is kept small.</summary>
internal sealed class TouchedPath
{
    private const FileAccess Changing =
        FileAccess.Write | FileAccess.Create | FileAccess.Truncate | FileAccess.Remove;

    private readonly ScannedEntry? _first;
    private DigestSpool? _spool;
    private int _number;

    /// <param name="path">Absolute in the container.</param>
    /// <param name="first">What stood there when the job began; null for nothing.</param>
    public TouchedPath(string path, ScannedEntry? first)
    {
        Path = path;
        _first = first;
        Now = first is null ? null : this;
        Kind = first?.Kind ?? FileKind.File;
    }

    public string Path { get; }

    /// <summary>What stood there when the job began; null for nothing.</summary>
    public ScannedEntry? First => _first;

    /// <summary>Whether anything stood there when the job began.</summary>
    public bool Stood => _first is not null;

    /// <summary>Of what stood there when the job began.</summary>
    public FileIdentity Identity => _first?.Identity ?? default;

    /// <summary>The permission bits of the same, in octal.</summary>
    public string OctalMode => _first?.OctalMode ?? "0000";

    /// <summary>As last seen: when a call makes something, it is not told what.</summary>
    public FileKind Kind { get; set; }

    /// <summary>Everything that was asked of this path.</summary>
    public FileAccess Access { get; set; }

    /// <summary>What was done with that which stood here at first, wherever it was by then.</summary>
    public FileUse Use { get; set; }

    /// <summary>Whether a call asked to change what stood here at first, wherever it was by then.</summary>
    public bool AskedToChange { get; set; }

    /// <summary>The path whose first content stands here now, or is part of what stands here; null when it is all the job's.</summary>
    public TouchedPath? Now { get; set; }

    /// <summary>Where that which stood here at first was when it was opened; null for here.</summary>
    public string? MovedTo { get; set; }

    /// <summary>Packed by <see cref="PackedDigests"/>: of what stood here at first. Read anew each time.</summary>
    public byte[]? Digests => _spool?.Read(_number);

    public bool HasDigests => _spool is not null;

    public string? NotHashed { get; set; }

    /// <summary>Whether the content that stood here at first is in the archive.</summary>
    public bool Kept { get; set; }

    /// <summary>Whether a call asked for what changes a file or its name.</summary>
    public bool IsWritten => (Access & Changing) != 0;

    /// <summary>Whether a call asked for what changes anything that a listing shows.</summary>
    public bool IsChanged => Changes(Access);

    /// <inheritdoc cref="IsChanged"/>
    public static bool Changes(FileAccess access) => (access & (Changing | FileAccess.Attributes)) != 0;

    /// <param name="spool">Where they are kept.</param>
    /// <param name="digests">Of what stood here at first.</param>
    public void SetDigests(DigestSpool spool, byte[] digests)
    {
        _number = spool.Add(digests);
        _spool = spool;
    }
}
