namespace Provenance.Runtime.Host;

/// <summary>Where CPUID is asked: this processor, or a recorded table.</summary>
internal delegate CpuidRegisters CpuidSource(uint leaf, uint subleaf);
