using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Says what the logs of archives that a record came from prove of it and this signature; null where there is no proof of one.</summary>
public delegate VerificationCheck? OriginLookup(Digest record, Digest signature);
