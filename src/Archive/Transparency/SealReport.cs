using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>What <c>prov archive renew</c> did.</summary>
public sealed record SealReport
{
    /// <summary>Records that no seal covered before.</summary>
    public required long Entries { get; init; }

    /// <summary>Seals of other archives that no seal of this one covered before.</summary>
    public required int Carried { get; init; }

    /// <summary>Entries of the log that are covered now.</summary>
    public required long Size { get; init; }

    /// <summary>The new seal; null when none was made.</summary>
    public string? Folder { get; init; }

    /// <summary>The newest seal's time; null when there is none.</summary>
    public TimestampVerification? Last { get; init; }
}
