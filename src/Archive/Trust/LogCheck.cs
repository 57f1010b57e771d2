using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Says whether the log holds the record together with this signature.</summary>
public delegate VerificationCheck LogCheck(Digest record, Digest signature);
