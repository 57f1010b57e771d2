namespace Provenance.Archive.Transparency;

/// <summary>What a log shows of one record: for a policy to judge by.</summary>
public sealed record InclusionFacts
{
    /// <summary>Of the record's entry, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Entries of the log now.</summary>
    public required long Size { get; init; }

    /// <summary>The known key that signed the log's checkpoint; null when the log is not signed yet, and has no key.</summary>
    public required VerifierKey? Log { get; init; }

    /// <summary>Known witnesses that cosigned the first cosigned checkpoint that holds the record, each once.</summary>
    public required IReadOnlyList<Cosignature> Cosignatures { get; init; }

    /// <summary>How many witnesses are known here.</summary>
    public required int KnownWitnesses { get; init; }
}
