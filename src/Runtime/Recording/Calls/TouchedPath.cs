using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>A path that a job's calls named: what stood there when it began, and what was done since. There may be a million: it is kept small.</summary>
internal sealed class TouchedPath
{
    /// <param name="path">Absolute in the container.</param>
    /// <param name="before">What stood there when the job began; null for nothing.</param>
    public TouchedPath(string path, FileStatus? before)
    {
        Path = path;
        Stood = before is not null;
        Now = Stood ? this : null;
        if (before is { } status)
        {
            Identity = FileIdentity.Of(status);
            Mode = (ushort)status.Mode;
            Kind = ScannedEntry.KindOf(status.Type);
        }
    }

    public string Path { get; }

    /// <summary>Whether anything stood there when the job began.</summary>
    public bool Stood { get; }

    /// <summary>Of what stood there when the job began.</summary>
    public FileIdentity Identity { get; }

    /// <summary>The same in permission bits.</summary>
    public ushort Mode { get; }

    /// <summary>As last seen: when a call makes something, it is not told what.</summary>
    public FileKind Kind { get; set; }

    /// <summary>Everything that was asked of this path.</summary>
    public FileAccess Access { get; set; }

    /// <summary>What was done with that which stood here at first, wherever it was by then.</summary>
    public FileUse Use { get; set; }

    /// <summary>The path whose first content stands here now, or is part of what stands here; null when it is all the job's.</summary>
    public TouchedPath? Now { get; set; }

    /// <summary>Where that which stood here at first was when it was opened; null for here.</summary>
    public string? MovedTo { get; set; }

    /// <summary>Packed by <see cref="PackedDigests"/>: of what stood here at first.</summary>
    public byte[]? Digests { get; set; }

    public string? NotHashed { get; set; }

    /// <summary>Whether the content that stood here at first is in the archive.</summary>
    public bool Kept { get; set; }

    /// <summary>Whether a call asked for what changes a file or its name.</summary>
    public bool IsWritten => (Access & Changing) != 0;

    /// <summary>Whether a call asked for what changes anything that a listing shows.</summary>
    public bool IsChanged => (Access & (Changing | FileAccess.Attributes)) != 0;

    private const FileAccess Changing =
        FileAccess.Write | FileAccess.Create | FileAccess.Truncate | FileAccess.Remove;
}
