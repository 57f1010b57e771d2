namespace Provenance.Runtime.Analysis;

/// <summary>One function of an object: what its instructions ask for, and where they lead.</summary>
internal sealed class CodeFunction(ulong start, ulong end, string? name)
{
    internal ulong Start { get; } = start;

    /// <summary>The address after its last byte.</summary>
    internal ulong End { get; } = end;

    internal ulong Length => End - Start;

    internal string? Name { get; } = name;

    /// <summary>Bytes between functions that nothing names: tables, padding, or code without unwinding tables.</summary>
    internal bool IsGap { get; init; }

    /// <summary>A function that several objects may bring and of which the linker keeps one (COMDAT, an inline function).</summary>
    internal bool IsShared { get; set; }

    /// <summary>All features of its instructions, as <see cref="FeatureBits"/>.</summary>
    internal ulong Features { get; set; }

    /// <summary>The first instruction that asks for a feature that none before it did.</summary>
    internal List<(ulong Features, ulong Address)>? FirstUses { get; set; }

    /// <summary>Direct calls and jumps that leave it.</summary>
    internal List<ulong>? Calls { get; set; }

    /// <summary>Addresses of code that it takes.</summary>
    internal List<ulong>? CodePointers { get; set; }

    /// <summary>Addresses of data that it takes.</summary>
    internal List<ulong>? DataPointers { get; set; }

    internal List<ulong>? Reads { get; set; }

    internal List<ulong>? Writes { get; set; }

    /// <summary>Asks what the processor can do: CPUID, or on arm64 an ID register or the kernel.</summary>
    internal bool AsksCpuid { get; set; }

    /// <summary>Computes on vectors by what came later: in the encoding of AVX, or with SVE.</summary>
    internal bool HasVex { get; set; }

    internal bool HasLegacyVectors { get; set; }

    /// <summary>Of arm64: loads and stores exclusively, as atomics of the baseline do.</summary>
    internal bool HasExclusives { get; set; }

    internal bool HasInvalid { get; set; }

    /// <summary>Of a stub of the procedure linkage table: the symbol it jumps to.</summary>
    internal string? Import { get; set; }

    public override string ToString() => Name ?? $"sub_{Start:x}";
}
