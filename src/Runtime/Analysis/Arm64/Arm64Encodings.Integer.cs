using static Provenance.Runtime.Analysis.Arm64.Arm64Features;

namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>A64 instructions beyond the baseline Armv8.0-A, by encoding group.</summary>
/// <remarks>
/// Source: Arm Architecture Reference Manual for A-profile, DDI 0487 issue K, chapter C4 "A64 Instruction Set Encoding": the section stands
/// above each group; features by the FEAT_ names of chapter A2. The first that matches counts. Hint space (C4.1.93.4, "Hints": NOP,
/// BTI, PACIASP, XPACLRI, ESB, …) never counts, for it does nothing where it is unknown. FEAT_LOR (LDLAR, STLLR), FEAT_XS, FEAT_SPECRES
/// and FEAT_LS64 have no name in /proc/cpuinfo, and no compiler emits them: they are not counted either.
/// </remarks>
internal static partial class Arm64Encodings
{
    internal static IEnumerable<Arm64Encoding> All => [.. Reserved, .. Immediate, .. Branch, .. LoadStore, .. Register, .. Vector, .. Scalable, .. Matrix];

    /// <summary>C4.1, main table: what is reserved or unallocated at the top. UDF is among it.</summary>
    private static readonly Arm64Encoding[] Reserved =
    [
        new(0x9e000000, 0x00000000, 0, ".inst"),
        new(0x1e000000, 0x02000000, 0, ".inst"),
        new(0x1e000000, 0x06000000, 0, ".inst"),
    ];

    /// <summary>C4.1.92, "Data Processing -- Immediate".</summary>
    private static readonly Arm64Encoding[] Immediate =
    [
        // C4.1.92.4 Add/subtract (immediate, with tags)
        new(0xffc0c000, 0x91800000, Mte, "addg"),
        new(0xffc0c000, 0xd1800000, Mte, "subg"),
        // C4.1.92.5 Min/max (immediate)
        new(0x7ffc0000, 0x11c00000, Cssc, "smax"),
        new(0x7ffc0000, 0x11c40000, Cssc, "umax"),
        new(0x7ffc0000, 0x11c80000, Cssc, "smin"),
        new(0x7ffc0000, 0x11cc0000, Cssc, "umin"),
        new(0x1f800000, 0x11800000, 0, ".inst"),
    ];

    /// <summary>C4.1.93, "Branches, Exception Generating and System instructions".</summary>
    private static readonly Arm64Encoding[] Branch =
    [
        // C4.1.93.1 Conditional branch (immediate)
        new(0xff000010, 0x54000010, Hbc, "bc"),
        // C4.1.93.3 System instructions with register argument
        new(0xffffffe0, 0xd5031000, Wfxt, "wfet"),
        new(0xffffffe0, 0xd5031020, Wfxt, "wfit"),
        // C4.1.93.5 Barriers
        new(0xfffff0ff, 0xd50330ff, Sb, "sb"),
        // C4.1.93.6 PSTATE
        new(0xfffff0ff, 0xd500401f, Flagm, "cfinv"),
        new(0xfffff0ff, 0xd500403f, Flagm2, "xaflag"),
        new(0xfffff0ff, 0xd500405f, Flagm2, "axflag"),
        new(0xfffff0ff, 0xd503403f, Ssbs, "msr ssbs"),
        new(0xfffff0ff, 0xd503405f, Dit, "msr dit"),
        new(0xfffff0ff, 0xd503409f, Mte, "msr tco"),
        new(0xfffff1ff, 0xd503417f, Sme, "smstart"),
        new(0xfffff1ff, 0xd503407f, Sme, "smstop"),
        // C4.1.93.8 System instructions (SYS, SYSL): DC by address to the point of persistence, tags, the guarded control stack
        new(0xffffffe0, 0xd50b7c20, Dcpop, "dc cvap"),
        new(0xffffffe0, 0xd50b7d20, Dcpodp, "dc cvadp"),
        new(0xffffffe0, 0xd50b7460, Mte, "dc gva"),
        new(0xffffffe0, 0xd50b7480, Mte, "dc gzva"),
        new(0xfffffee0, 0xd50b7a60, Mte, "dc cgvac"),
        new(0xffffffa0, 0xd50b7aa0, Mte, "dc cgdvac"),
        new(0xffffffa0, 0xd50b7ca0, Mte | Dcpop, "dc cgdvap"),
        new(0xffffffe0, 0xd50b7c60, Mte | Dcpop, "dc cgvap"),
        new(0xffffffa0, 0xd50b7da0, Mte | Dcpodp, "dc cgdvadp"),
        new(0xffffffe0, 0xd50b7d60, Mte | Dcpodp, "dc cgvadp"),
        new(0xffffffe0, 0xd50b7ea0, Mte, "dc cigdvac"),
        new(0xffffffe0, 0xd50b7e60, Mte, "dc cigvac"),
        new(0xffffffe0, 0xd50b7700, Gcs, "gcspushm"),
        new(0xffffffe0, 0xd50b7740, Gcs, "gcsss1"),
        new(0xffffffe0, 0xd52b7720, Gcs, "gcspopm"),
        new(0xffffffe0, 0xd52b7760, Gcs, "gcsss2"),
        // C4.1.93.9 System register move (MRS, MSR): S3_3_C2_C4_0 RNDR, _1 RNDRRS; S3_3_C4_C2_5 DIT, _6 SSBS, _7 TCO, _2 SVCR;
        // S3_3_C4_C4_2 FPMR; S3_3_C13_C0_5 TPIDR2_EL0
        new(0xffffffc0, 0xd53b2400, Rng, "mrs rndr"),
        new(0xffdfffe0, 0xd51b42a0, Dit, "mrs dit"),
        new(0xffdfffe0, 0xd51b42c0, Ssbs, "mrs ssbs"),
        new(0xffdfffe0, 0xd51b42e0, Mte, "mrs tco"),
        new(0xffdfffe0, 0xd51b4240, Sme, "mrs svcr"),
        new(0xffdfffe0, 0xd51b4440, Fpmr, "mrs fpmr"),
        new(0xffdfffe0, 0xd51bd0a0, Sme, "mrs tpidr2_el0"),
        // C4.1.93.11 Unconditional branch (register)
        new(0xfffff800, 0xd61f0800, Paca, "braaz"),
        new(0xfffff800, 0xd63f0800, Paca, "blraaz"),
        new(0xfffff800, 0xd65f0800, Paca, "retaa"),
        new(0xfffff800, 0xd69f0800, Paca, "eretaa"),
        new(0xfffff800, 0xd71f0800, Paca, "braa"),
        new(0xfffff800, 0xd73f0800, Paca, "blraa"),
    ];

    /// <summary>C4.1.94, "Loads and Stores". Suffixes for order and size are left out of the names.</summary>
    private static readonly Arm64Encoding[] LoadStore =
    [
        // C4.1.94.1 Compare and swap pair; C4.1.94.11 Compare and swap
        new(0xbfa07c00, 0x08207c00, Atomics, "casp"),
        new(0x3fa07c00, 0x08a07c00, Atomics, "cas"),
        // C4.1.94.5 Advanced SIMD load/store single structure: LDAP1, STL1
        new(0xbfbffc00, 0x0d018400, Lrcpc3, "stl1"),
        // C4.1.94.6 Load/store memory tags
        new(0xff200000, 0xd9200000, Mte, "stg"),
        // C4.1.94.6 Guarded control stack
        new(0xffffec00, 0xd91f0c00, Gcs, "gcsstr"),
        // C4.1.94.8 LDIAPP/STILP; C4.1.94.9 LDAPR/STLR (writeback)
        new(0xbfa0ec00, 0x99000800, Lrcpc3, "stilp"),
        new(0xbffffc00, 0x99800800, Lrcpc3, "stlr"),
        new(0xbffffc00, 0x99c00800, Lrcpc3, "ldapr"),
        // C4.1.94.7 RCW, LSE128: 128-bit atomics
        new(0xff20fc00, 0x19201000, Lse128, "ldclrp"),
        new(0xff20fc00, 0x19203000, Lse128, "ldsetp"),
        new(0xff20fc00, 0x19208000, Lse128, "swpp"),
        // C4.1.94.10 LDAPR/STLR (unscaled immediate), and of SIMD&FP registers
        new(0x3f200c00, 0x19000000, Ilrcpc, "ldapur"),
        new(0x3f200c00, 0x1d000800, Lrcpc3, "ldapur"),
        // C4.1.94.12 Memory copy and memory set
        new(0x3fe00c00, 0x1dc00400, Mops | Mte, "setg"),
        new(0x3b200c00, 0x19000400, Mops, "cpy"),
        // C4.1.94.15 to 18 Load/store register pair: STGP
        new(0xfe400000, 0x68000000, Mte, "stgp"),
        // C4.1.94.29 Atomic memory operations
        new(0x3ffffc00, 0x38bfc000, Lrcpc, "ldapr"),
        new(0xfffffc00, 0xf83fd000, 0, "ld64b"),
        new(0xfffffc00, 0xf83f9000, 0, "st64b"),
        new(0xffe0fc00, 0xf820b000, 0, "st64bv"),
        new(0xffe0fc00, 0xf820a000, 0, "st64bv0"),
        new(0x3f20fc00, 0x38208000, Atomics, "swp"),
        new(0x3f20fc00, 0x38200000, Atomics, "ldadd"),
        new(0x3f20fc00, 0x38201000, Atomics, "ldclr"),
        new(0x3f20fc00, 0x38202000, Atomics, "ldeor"),
        new(0x3f20fc00, 0x38203000, Atomics, "ldset"),
        new(0x3f20fc00, 0x38204000, Atomics, "ldsmax"),
        new(0x3f20fc00, 0x38205000, Atomics, "ldsmin"),
        new(0x3f20fc00, 0x38206000, Atomics, "ldumax"),
        new(0x3f20fc00, 0x38207000, Atomics, "ldumin"),
        // C4.1.94.32 Load/store register (pac)
        new(0xff200400, 0xf8200400, Paca, "ldraa"),
    ];

    /// <summary>C4.1.95, "Data Processing -- Register".</summary>
    private static readonly Arm64Encoding[] Register =
    [
        // C4.1.95.1 Data-processing (2 source)
        new(0x7fe0e000, 0x1ac04000, Crc32, "crc32"),
        new(0xdfe0fc00, 0x9ac00000, Mte, "subp"),
        new(0xffe0fc00, 0x9ac01000, Mte, "irg"),
        new(0xffe0fc00, 0x9ac01400, Mte, "gmi"),
        new(0xffe0fc00, 0x9ac03000, Pacg, "pacga"),
        new(0x7fe0fc00, 0x1ac06000, Cssc, "smax"),
        new(0x7fe0fc00, 0x1ac06400, Cssc, "umax"),
        new(0x7fe0fc00, 0x1ac06800, Cssc, "smin"),
        new(0x7fe0fc00, 0x1ac06c00, Cssc, "umin"),
        // C4.1.95.2 Data-processing (1 source)
        new(0x7ffffc00, 0x5ac01800, Cssc, "ctz"),
        new(0x7ffffc00, 0x5ac01c00, Cssc, "cnt"),
        new(0x7ffffc00, 0x5ac02000, Cssc, "abs"),
        new(0xffffe000, 0xdac10000, Paca, "pacia"),
        new(0xffffc000, 0xdac10000, Paca, "paciza"),
        new(0xfffff800, 0xdac14000, Paca, "xpaci"),
        // C4.1.95.8 Rotate right into flags; C4.1.95.9 Evaluate into flags
        new(0xffe07c10, 0xba000400, Flagm, "rmif"),
        new(0xffffbc1f, 0x3a00080d, Flagm, "setf"),
    ];
}
