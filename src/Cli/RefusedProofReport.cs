namespace Provenance.Cli;

/// <summary>A proof of a log that was not kept, in <c>prov import --json</c>.</summary>
/// <param name="Record">What it was to prove, 64 hex digits.</param>
/// <param name="Reason">Why it was not kept.</param>
internal sealed record RefusedProofReport(string Record, string Reason);
