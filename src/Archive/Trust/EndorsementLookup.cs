using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Finds the endorsements of a record: statements, each with its signature.</summary>
public delegate IEnumerable<(Digest Endorsement, Digest Signature)> EndorsementLookup(Digest record);
