namespace Provenance.Archive.Records;

/// <summary>Which JSON is taken for canonical.</summary>
public enum CanonicalProfile
{
    /// <summary>What we sign: RFC 8785 less what readers disagree on. No null, no U+0000, and of numbers only integers within ±(2^53−1).</summary>
    Record,

    /// <summary>All of RFC 8785, as other people's documents have it.</summary>
    Rfc8785,
}
