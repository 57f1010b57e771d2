using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>Where an object keeps the compiler's own answer, <c>__cpu_model</c>, and what each of its bits says.</summary>
/// <remarks>
/// Source: GCC, gcc/common/config/i386/i386-cpuinfo.h (enum processor_features, in order of bit) and libgcc/config/i386/cpuinfo.c;
/// compiler-rt, lib/builtins/cpu_model, has the same. Of four words the last is the features.
/// </remarks>
internal sealed class ProcessorModel
{
    private const string Symbol = "__cpu_model";
    private const ulong FeatureWord = 12;

    /// <summary>"Genu", with which the vendor begins that CPUID tells in EBX.</summary>
    private const uint Intel = 0x756e6547;

    private static readonly string?[] Bits =
    [
        null, null, "popcnt", null, null, "pni", "ssse3", "sse4_1", "sse4_2", "avx", "avx2", "sse4a", "fma4", "xop", "fma", "avx512f",
        "bmi1", "bmi2", "aes", "pclmulqdq", "avx512vl", "avx512bw", "avx512dq", "avx512cd", "avx512er", "avx512pf", "avx512vbmi",
        "avx512ifma", "avx512_4vnniw", "avx512_4fmaps", "avx512_vpopcntdq", "avx512_vbmi2",
    ];

    private readonly ulong _features;

    internal ProcessorModel(CodeObject code, X86Instructions set) =>
        _features = Address(code, set) is { } model ? model + FeatureWord : 0;

    /// <summary>The features of a mask that is applied at an address; null where that is no part of the model.</summary>
    internal ulong? Read(ulong address, ulong mask)
    {
        if (_features == 0 || address < _features || address >= _features + 4)
        {
            return null;
        }

        ulong features = 0;
        mask <<= (int)(address - _features) * 8;
        for (int bit = 0; bit < Bits.Length; bit++)
        {
            features |= (mask >> bit & 1) != 0 && Bits[bit] is { } name ? FeatureBits.Of(name) : 0;
        }

        return features;
    }

    private static ulong? Address(CodeObject code, X86Instructions set)
    {
        foreach (var symbol in code.Image.Symbols())
        {
            if (symbol.IsDefined && symbol.IsObject && symbol.Name == Symbol)
            {
                return symbol.Address;
            }
        }

        return code.Functions.Where(function => function.AsksCpuid).Select(function => Address(set, function)).FirstOrDefault(a => a is not null);
    }

    /// <summary>In a stripped file: its initialiser looks first whether it has been there, and then for the vendor.</summary>
    private static ulong? Address(X86Instructions set, CodeFunction initialiser)
    {
        ulong? first = null;
        foreach (var instruction in set.Instructions(initialiser))
        {
            first ??= set.MemoryAddress(instruction);
            if (instruction.Mnemonic == Mnemonic.Cmp && instruction.Op1Kind == OpKind.Immediate32 && instruction.Immediate32 == Intel)
            {
                return first;
            }
        }

        return null;
    }
}
