namespace Provenance.Archive.Trust;

/// <summary>How far the check of the bytes goes.</summary>
public enum VerificationScope
{
    /// <summary>The record alone: no blob is read. What is asked many times a second asks no more.</summary>
    Statement,

    /// <summary>What the record itself names, and what its lists of files keep.</summary>
    Record,

    /// <summary>For a run also the layers of its image: everything a replay needs.</summary>
    RecordAndImage,
}
