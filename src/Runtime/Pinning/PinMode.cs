namespace Provenance.Runtime.Pinning;

/// <summary>By what means a job is made to take this processor for another.</summary>
public enum PinMode
{
    /// <summary>CPUID on x86-64; variables where this host lets nobody follow the job, which is said.</summary>
    Auto,

    /// <summary>Variables that numeric libraries look at: free, and not all libraries look.</summary>
    Env,

    /// <summary>The CPUID instruction is answered in the processor's place.</summary>
    Cpuid,

    /// <summary>All of the job's instructions are done by an emulator.</summary>
    Emulate,
}
