namespace Provenance.Runtime.Rootfs;

/// <summary>What became of an unpacked tree that was to be removed.</summary>
public enum TreeRemovalOutcome
{
    Removed,
    Absent,

    /// <summary>A job runs in it: it stays.</summary>
    InUse,
}
