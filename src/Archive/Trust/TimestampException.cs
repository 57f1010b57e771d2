namespace Provenance.Archive.Trust;

/// <summary>No time stamp could be had, or what was answered is none for what was asked.</summary>
public sealed class TimestampException(string subject, string reason, Exception? cause = null)
    : ArchiveException($"no time stamp of the {subject}: {reason}", cause)
{
    /// <summary>Without what it is about.</summary>
    internal string Reason { get; } = reason;
}
