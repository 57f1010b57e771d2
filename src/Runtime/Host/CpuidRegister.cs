namespace Provenance.Runtime.Host;

/// <summary>One of the registers that CPUID writes.</summary>
internal enum CpuidRegister
{
    Eax,
    Ebx,
    Ecx,
    Edx,
}
