namespace Provenance.Archive.Exchange;

/// <summary>What a file of a bundle is.</summary>
internal enum BundlePart
{
    Manifest,
    Blob,

    /// <summary>A certificate of a signature, in PEM, for people: the signature has it too.</summary>
    Certificate,

    /// <summary>That a log holds a record.</summary>
    Proof,

    /// <summary>That the log of an archive that it came through holds a record.</summary>
    Origin,

    /// <summary>What a seal lists.</summary>
    SealSums,

    /// <summary>The time stamp token over that.</summary>
    SealToken,

    /// <summary>The names of its images, as an OCI index.</summary>
    Index,

    /// <summary>For people and for other programs; we do not read it.</summary>
    Description,
}
