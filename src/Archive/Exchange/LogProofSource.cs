using Provenance.Archive.Catalog;

namespace Provenance.Archive.Exchange;

/// <summary>Gives the proof that a log holds a record with its signature, a C2SP tlog-proof; null when there is none.</summary>
public delegate byte[]? LogProofSource(RecordRow record);
