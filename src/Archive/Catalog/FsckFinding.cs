namespace Provenance.Archive.Catalog;

/// <summary>One thing that is not as it should be.</summary>
public sealed record FsckFinding(FsckSeverity Severity, string Subject, string Message);
