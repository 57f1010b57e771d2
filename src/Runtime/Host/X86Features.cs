using System.Numerics;
using Provenance.Archive.Compatibility;

namespace Provenance.Runtime.Host;

/// <summary>The feature bits of CPUID under the names that /proc/cpuinfo gives them.</summary>
/// <remarks>
/// Source: Intel SDM volume 2 (CPUID), AMD APM volume 3 appendix E; names as Linux prints them (proc_cpuinfo(5)). In each row the
/// names stand in order of bit, from bit 0; <c>-</c> is a bit without a name. A name that ends in <c>?</c> is one that many
/// kernels do not print: for those CPUID and XCR0 decide alone, and the kernel's silence means nothing.
/// </remarks>
internal static class X86Features
{
    private const ulong AvxState = 0b110;  // SSE and AVX registers
    private const ulong Avx512State = AvxState | 0b1110_0000;  // opmask, high halves of ZMM0-15, ZMM16-31
    private const ulong AmxState = 0x6_0000;  // TILECFG, TILEDATA
    private const ulong PkruState = 1 << 9;

    private static readonly FeatureWord[] Words =
    [
        new(0x1, 0, CpuidRegister.Edx, """
            fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - dts acpi mmx fxsr sse sse2
            ss ht tm ia64 pbe
            """),
        new(0x1, 0, CpuidRegister.Ecx, """
            pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 sse4_2
            x2apic movbe popcnt tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor
            """),
        new(0x6, 0, CpuidRegister.Eax, """
            dtherm ida arat - pln - pts hwp hwp_notify hwp_act_window hwp_epp hwp_pkg_req - - - - - - - hfi
            """),
        new(0x6, 0, CpuidRegister.Ecx, "aperfmperf - - epb"),
        new(0x7, 0, CpuidRegister.Ebx, """
            fsgsbase tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq rdseed adx smap
            avx512ifma - clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw avx512vl
            """),
        new(0x7, 0, CpuidRegister.Ecx, """
            prefetchwt1? avx512vbmi umip pku ospke waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg tme
            avx512_vpopcntdq - la57 - - - - - rdpid - bus_lock_detect cldemote - movdiri movdir64b enqcmd sgx_lc
            """),
        new(0x7, 0, CpuidRegister.Edx, """
            - - avx512_4vnniw avx512_4fmaps fsrm - - - avx512_vp2intersect - md_clear - - - serialize - tsxldtrk - pconfig
            arch_lbr ibt - amx_bf16? avx512_fp16? amx_tile? amx_int8? ibrs stibp flush_l1d arch_capabilities - ssbd
            """),
        new(0x7, 1, CpuidRegister.Eax, """
            sha512? sm3? sm4? raoint? avx_vnni? avx512_bf16 - cmpccxadd? - - - - - - - - - fred? - - - amx_fp16? - avx_ifma? - -
            lam?
            """),
        new(0x7, 1, CpuidRegister.Edx, """
            - - - - avx_vnni_int8? avx_ne_convert? - - amx_complex? - avx_vnni_int16? - - - prefetchi? - - - - avx10? - apx_f?
            """),
        new(0xd, 1, CpuidRegister.Eax, "xsaveopt xsavec xgetbv1 xsaves"),
        new(0xf, 0, CpuidRegister.Edx, "- cqm_llc"),
        new(0xf, 1, CpuidRegister.Edx, "cqm_occup_llc cqm_mbm_total cqm_mbm_local"),
        new(0x10, 0, CpuidRegister.Ebx, "- cat_l3 cat_l2 mba"),
        new(0x10, 1, CpuidRegister.Ecx, "- - cdp_l3"),
        new(0x10, 2, CpuidRegister.Ecx, "- - cdp_l2"),
        new(0x80000001, 0, CpuidRegister.Ecx, """
            lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - lwp fma4 tce
            - nodeid_msr - tbm topoext perfctr_core perfctr_nb - bpext ptsc perfctr_llc mwaitx
            """),
        new(0x80000001, 0, CpuidRegister.Edx, """
            - - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow
            """),
        new(0x80000007, 0, CpuidRegister.Ebx, "overflow_recov succor - smca"),
        new(0x80000007, 0, CpuidRegister.Edx, "- - - - - - - hw_pstate - cpb - proc_feedback"),
        new(0x80000008, 0, CpuidRegister.Ebx, """
            clzero irperf xsaveerptr - rdpru - mba - - wbnoinvd - - ibpb - ibrs stibp - - - - - - - amd_ppin ssbd virt_ssbd -
            cppc - - - brs
            """),
        new(0x8000000a, 0, CpuidRegister.Edx, """
            npt lbrv svm_lock nrip_save tsc_scale vmcb_clean flushbyasid decodeassists - - pausefilter - pfthreshold avic -
            v_vmsave_vmload vgif - x2avic - v_spec_ctrl - - - - vnmi
            """),
        new(0x8000001f, 0, CpuidRegister.Eax, "sme sev - sev_es sev_snp - - - - - - - - - debug_swap"),
        new(0x80000022, 0, CpuidRegister.Eax, "perfmon_v2 amd_lbr_v2 amd_lbr_pmc_freeze"),
    ];

    /// <summary>Names that the kernel's list must confirm, and those for which its silence means nothing.</summary>
    private static readonly HashSet<string> NotAlwaysPrinted = [.. Names(unprinted: true)];

    private static readonly HashSet<string> Printed = [.. Names(unprinted: false)];

    /// <summary>Everything CPUID claims, enabled or not.</summary>
    internal static HashSet<string> Claimed(CpuidSource cpuid)
    {
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        uint last = cpuid(0, 0).Eax, lastExtended = cpuid(0x80000000, 0).Eax;
        foreach (var word in Words)
        {
            if (word.Leaf > (word.Leaf >= 0x80000000 ? lastExtended : last) || IsBeyondSubleaves(cpuid, word))
                continue;

            for (uint bits = cpuid(word.Leaf, word.Subleaf)[word.Register]; bits != 0; bits &= bits - 1)
            {
                if (word.NameOf(BitOperations.TrailingZeroCount(bits)) is { } name)
                    claimed.Add(name.TrimEnd('?'));
            }
        }

        return claimed;
    }

    /// <summary>The features of some bits of one register.</summary>
    internal static IEnumerable<string> Names(uint leaf, uint subleaf, CpuidRegister register, uint bits)
    {
        var word = Array.Find(Words, word => word.Leaf == leaf && word.Subleaf == subleaf && word.Register == register);
        for (; word is not null && bits != 0; bits &= bits - 1)
        {
            if (word.NameOf(BitOperations.TrailingZeroCount(bits)) is { } name)
            {
                yield return name.TrimEnd('?');
            }
        }
    }

    /// <summary>What a program may use of what CPUID claims.</summary>
    /// <param name="claimed">As CPUID gives it.</param>
    /// <param name="kernel">The flags of /proc/cpuinfo; null when they cannot be read.</param>
    /// <param name="xcr0">Null when it cannot be read: then the kernel's word on the wider registers is taken.</param>
    internal static IEnumerable<string> Usable(IEnumerable<string> claimed, IReadOnlySet<string>? kernel, ulong? xcr0)
    {
        ulong state = xcr0 ?? StateFromKernel(kernel);
        return claimed.Where(name =>
            (state & StateOf(name)) == StateOf(name)
            && (kernel is null || NotAlwaysPrinted.Contains(name) || kernel.Contains(name)));
    }

    /// <summary>Those of the kernel's flags that stand for a CPUID bit: the kernel adds words of its own, such as <c>rep_good</c>.</summary>
    internal static IEnumerable<string> OfKernel(IReadOnlySet<string> kernel) =>
        kernel.Where(name => Printed.Contains(name) || NotAlwaysPrinted.Contains(name));

    /// <summary>Without the bits of features that code is generated or chosen for, and that are not among some.</summary>
    internal static CpuidRegisters Limit(uint leaf, uint subleaf, CpuidRegisters registers, IReadOnlySet<string> features)
    {
        foreach (var word in Words.Where(word => word.Leaf == leaf && word.Subleaf == subleaf))
        {
            uint hidden = 0;
            for (int bit = 0; bit < 32; bit++)
            {
                string? name = word.NameOf(bit)?.TrimEnd('?');
                hidden |= name is not null && CodeFeatures.IsForCodeOfX86(name) && !features.Contains(name) ? 1u << bit : 0;
            }

            registers = word.Register switch
            {
                CpuidRegister.Eax => registers with { Eax = registers.Eax & ~hidden },
                CpuidRegister.Ebx => registers with { Ebx = registers.Ebx & ~hidden },
                CpuidRegister.Ecx => registers with { Ecx = registers.Ecx & ~hidden },
                _ => registers with { Edx = registers.Edx & ~hidden },
            };
        }

        return registers;
    }

    /// <summary>The parts of XCR0 without which an instruction of the feature is invalid.</summary>
    private static ulong StateOf(string name) => name switch
    {
        "avx10" => Avx512State,
        _ when name.StartsWith("avx512", StringComparison.Ordinal) => Avx512State,
        _ when name.StartsWith("amx_", StringComparison.Ordinal) => AmxState,
        _ when name.StartsWith("avx", StringComparison.Ordinal) => AvxState,
        "f16c" or "fma" or "fma4" or "xop" or "vaes" or "vpclmulqdq" or "sha512" or "sm3" or "sm4" => AvxState,
        "ospke" => PkruState,
        _ => 0,
    };

    private static ulong StateFromKernel(IReadOnlySet<string>? kernel)
    {
        if (kernel is null)
            return 0;

        return (kernel.Contains("avx") ? AvxState : 0)
            | (kernel.Contains("avx512f") ? Avx512State : 0)
            | (kernel.Contains("amx_tile") ? AmxState : 0)
            | (kernel.Contains("ospke") ? PkruState : 0);
    }

    /// <summary>Leaf 7 says in EAX how many subleaves it has; beyond them the answer has no meaning.</summary>
    private static bool IsBeyondSubleaves(CpuidSource cpuid, FeatureWord word) =>
        word.Leaf == 7 && word.Subleaf > cpuid(7, 0).Eax;

    private static IEnumerable<string> Names(bool unprinted) =>
        Words.SelectMany(w => w.Names)
            .Where(n => n != "-" && n.EndsWith('?') == unprinted)
            .Select(n => n.TrimEnd('?'));

    /// <summary>One register of one leaf.</summary>
    private sealed class FeatureWord(uint leaf, uint subleaf, CpuidRegister register, string names)
    {
        internal uint Leaf { get; } = leaf;

        internal uint Subleaf { get; } = subleaf;

        internal CpuidRegister Register { get; } = register;

        internal string[] Names { get; } =
            names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        internal string? NameOf(int bit) => bit < Names.Length && Names[bit] != "-" ? Names[bit] : null;
    }
}
