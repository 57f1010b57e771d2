namespace Provenance.Runtime.Host;

/// <summary>What one CPUID instruction leaves behind.</summary>
internal readonly record struct CpuidRegisters(uint Eax, uint Ebx, uint Ecx, uint Edx)
{
    internal uint this[CpuidRegister register] => register switch
    {
        CpuidRegister.Eax => Eax,
        CpuidRegister.Ebx => Ebx,
        CpuidRegister.Ecx => Ecx,
        _ => Edx,
    };
}

/// <summary>One of the four.</summary>
internal enum CpuidRegister
{
    Eax,
    Ebx,
    Ecx,
    Edx,
}

/// <summary>Where CPUID is asked: this processor, or a recorded table.</summary>
internal delegate CpuidRegisters CpuidSource(uint leaf, uint subleaf);
