namespace Provenance.Cli;

/// <summary>A seal that was not kept, in <c>prov import --json</c>.</summary>
/// <param name="Seal">SHA-256 of its token, 64 hex digits.</param>
/// <param name="Reason">Why it was not kept.</param>
internal sealed record RefusedSealReport(string Seal, string Reason);
