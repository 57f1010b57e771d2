using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>The time that a seal over the log proves for a record and this signature; null when no seal covers them.</summary>
/// <exception cref="ArchiveException">There is a seal, and it does not hold.</exception>
public delegate TimestampVerification? SealLookup(Digest record, Digest signature);
