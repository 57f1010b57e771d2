namespace Provenance.Runtime.Pinning;

/// <summary>By what means a job is made to take this processor for another.</summary>
public enum PinMode
{
    /// <summary>The most that is known to work: CPUID on x86-64. Nothing less is put in its place in silence.</summary>
    Auto,

    /// <summary>Variables that numeric libraries look at: free, and not all libraries look.</summary>
    Env,

    /// <summary>The CPUID instruction is answered in the processor's place.</summary>
    Cpuid,
}
