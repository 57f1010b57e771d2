namespace Provenance.Archive.Distribution;

/// <summary>What became of a blob that was to be sent.</summary>
public enum UploadOutcome
{
    Sent,

    /// <summary>The repository had it.</summary>
    AlreadyThere,

    /// <summary>Another repository of the registry had it, and it is in this one too now.</summary>
    Mounted,
}
