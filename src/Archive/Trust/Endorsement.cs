using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>A further signature under a record, judged.</summary>
public sealed record Endorsement
{
    /// <summary>The statement that endorses.</summary>
    public required Digest Record { get; init; }

    /// <summary>What the endorser had to say; null when nothing, or when it cannot be read.</summary>
    public string? Comment { get; init; }

    /// <summary>Null when it cannot be read.</summary>
    public SignatureVerification? Signature { get; init; }

    /// <summary>Why it does not count: it does not hold, its signer is not trusted here or may not endorse. Null when it counts.</summary>
    public string? Problem { get; init; }

    public bool Counts => Problem is null;
}
