namespace Provenance.Runtime.Pinning;

/// <summary>How a job's CPUID was answered.</summary>
/// <param name="Instructions">How many CPUID instructions were taken over, in all processes.</param>
/// <param name="Answers">How many times they were executed.</param>
/// <param name="Gaps">What asks the processor itself all the same, one sentence each.</param>
internal sealed record CpuidReport(long Instructions, long Answers, IReadOnlyList<string> Gaps);
