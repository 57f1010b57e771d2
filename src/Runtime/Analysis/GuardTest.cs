namespace Provenance.Runtime.Analysis;

/// <summary>What a conditional branch asks of the processor.</summary>
/// <param name="Features">As <see cref="FeatureBits"/>; 0 for what is no feature of code.</param>
/// <param name="IsTaken">Whether the branch is taken where they are there.</param>
internal readonly record struct GuardTest(ulong Features, bool IsTaken);
