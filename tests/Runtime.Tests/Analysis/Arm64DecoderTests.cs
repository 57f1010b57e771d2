using Provenance.Runtime.Analysis.Arm64;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>What instructions of arm64 ask for, beside what GNU as and objdump say of them.</summary>
public sealed class Arm64DecoderTests
{
    private const string Libraries = "/usr/aarch64-linux-gnu/lib";

    /// <summary>
    /// What as wants an extension for and /proc/cpuinfo has no name of (FEAT_LOR, FEAT_LS64, FEAT_TME, FEAT_XS, FEAT_SPECRES), and names of hint
    /// space, which does nothing where it is unknown.
    /// </summary>
    private static readonly string[] Uncounted =
        ["stllr", "ldlar", "ld64b", "st64b", "tstart", "ttest", "tcommit", "tcancel", "cfp", "dvp", "cpp", "cosp"];

    public static TheoryData<string, string, string> Extensions { get; } = new()
    {
        { "crc32", "armv8-a+crc", "crc32b w0,w1,w2; crc32x w0,w1,x2; crc32cw w3,w4,w5" },
        { "aes", "armv8-a+crypto", "aese v0.16b,v1.16b; aesd v0.16b,v1.16b; aesmc v0.16b,v1.16b; aesimc v0.16b,v1.16b" },
        { "pmull", "armv8-a+crypto", "pmull v0.1q,v1.1d,v2.1d; pmull2 v0.1q,v1.2d,v2.2d" },
        { "sha1", "armv8-a+crypto", "sha1c q0,s1,v2.4s; sha1p q0,s1,v2.4s; sha1m q0,s1,v2.4s; sha1su0 v0.4s,v1.4s,v2.4s; sha1h s0,s1; sha1su1 v0.4s,v1.4s" },
        { "sha2", "armv8-a+crypto", "sha256h q0,q1,v2.4s; sha256h2 q0,q1,v2.4s; sha256su0 v0.4s,v1.4s; sha256su1 v0.4s,v1.4s,v2.4s" },
        { "", "armv8-a", "pmull v0.8h,v1.8b,v2.8b; fcvt h0,s0; fcvt d0,h0; ldxr x0,[x1]; stlxp w0,x1,x2,[x3]; ldar w0,[x1]; casp_is_not: nop; fadd d0,d1,d2; fmla v0.4s,v1.4s,v2.s[1]; mrs x0,cntvct_el0; dmb ish; hint #25; hint #34; hint #7; yield; rbit x0,x1; udiv x0,x1,x2; tbl v0.8b,{v1.16b},v2.8b; ld4 {v0.4s-v3.4s},[x0],#64; fcvtn v0.4h,v1.4s; fcvtl v0.4s,v1.4h; dc zva,x0; sdiv w0,w1,w2; stnp q0,q1,[x2]; prfm pldl1keep,[x0]; svc #0; brk #1; movi v0.2d,#0; umov w0,v1.h[3]; addv b0,v1.16b" },
        { "atomics", "armv8.1-a", "cas w0,w1,[x2]; casalb w0,w1,[x2]; casp x0,x1,x2,x3,[x4]; caspal w0,w1,w2,w3,[x4]; ldadd x0,x1,[x2]; ldaddalh w0,w1,[x2]; stclr w0,[x1]; ldsmax x0,x1,[x2]; ldumin w0,w1,[x2]; ldeor x0,x1,[x2]; swp x0,x1,[x2]; swpalb w0,w1,[x2]; ldset x0,x1,[x2]; ldsmin x0,x1,[x2]; ldumax x0,x1,[x2]" },
        { "asimdrdm", "armv8.1-a", "sqrdmlah v0.4s,v1.4s,v2.4s; sqrdmlsh h0,h1,h2; sqrdmlah v0.8h,v1.8h,v2.h[3]; sqrdmlsh s0,s1,v2.s[1]" },
        { "fphp", "armv8.2-a+fp16", "fadd h0,h1,h2; fcvtzs w0,h1; scvtf h0,x1; fcmp h0,#0.0; fcsel h0,h1,h2,eq; fmadd h0,h1,h2,h3; fmov h0,w1; fmov x0,h1; fmov h0,#1.0; frintn h0,h1; fccmp h0,h1,#0,eq; ucvtf h0,w1,#3" },
        { "asimdhp", "armv8.2-a+fp16", "fadd v0.8h,v1.8h,v2.8h; fmla v0.4h,v1.4h,v2.h[2]; fcmeq v0.8h,v1.8h,#0.0; fmaxnmv h0,v1.8h; fminv h0,v1.4h; faddp h0,v1.2h; fmov v0.8h,#1.0; scvtf v0.8h,v1.8h; scvtf v0.8h,v1.8h,#3; fcvtzu v0.4h,v1.4h,#1; frecpe h0,h1; fmulx h0,h1,h2; fabd h0,h1,h2; frsqrts v0.4h,v1.4h,v2.4h; fmulx h0,h1,v2.h[1]" },
        { "asimddp", "armv8.2-a+dotprod", "sdot v0.4s,v1.16b,v2.16b; udot v0.2s,v1.8b,v2.8b; sdot v0.4s,v1.16b,v2.4b[1]; udot v0.4s,v1.16b,v2.4b[3]" },
        { "asimdfhm", "armv8.2-a+fp16fml", "fmlal v0.4s,v1.4h,v2.4h; fmlsl v0.2s,v1.2h,v2.2h; fmlal2 v0.4s,v1.4h,v2.4h; fmlsl2 v0.4s,v1.4h,v2.4h; fmlal v0.4s,v1.4h,v2.h[1]; fmlsl2 v0.4s,v1.4h,v2.h[7]" },
        { "sha3", "armv8.2-a+sha3", "eor3 v0.16b,v1.16b,v2.16b,v3.16b; bcax v0.16b,v1.16b,v2.16b,v3.16b; rax1 v0.2d,v1.2d,v2.2d; xar v0.2d,v1.2d,v2.2d,#3" },
        { "sha512", "armv8.2-a+sha3", "sha512h q0,q1,v2.2d; sha512h2 q0,q1,v2.2d; sha512su0 v0.2d,v1.2d; sha512su1 v0.2d,v1.2d,v2.2d" },
        { "sm3", "armv8.2-a+sm4", "sm3ss1 v0.4s,v1.4s,v2.4s,v3.4s; sm3tt1a v0.4s,v1.4s,v2.s[1]; sm3tt2b v0.4s,v1.4s,v2.s[1]; sm3partw1 v0.4s,v1.4s,v2.4s; sm3partw2 v0.4s,v1.4s,v2.4s" },
        { "sm4", "armv8.2-a+sm4", "sm4e v0.4s,v1.4s; sm4ekey v0.4s,v1.4s,v2.4s" },
        { "dcpop", "armv8.2-a", "dc cvap,x0" },
        { "fcma", "armv8.3-a", "fcmla v0.4s,v1.4s,v2.4s,#90; fcadd v0.2d,v1.2d,v2.2d,#270; fcmla v0.4s,v1.4s,v2.s[1],#0" },
        { "asimdhp fcma", "armv8.3-a+fp16", "fcmla v0.8h,v1.8h,v2.8h,#90; fcadd v0.4h,v1.4h,v2.4h,#90; fcmla v0.8h,v1.8h,v2.h[1],#180" },
        { "jscvt", "armv8.3-a", "fjcvtzs w0,d1" },
        { "lrcpc", "armv8.3-a", "ldapr x0,[x1]; ldaprb w0,[x1]; ldaprh w0,[x1]" },
        { "ilrcpc", "armv8.4-a", "ldapur x0,[x1,#8]; stlurb w0,[x1,#-1]; ldapursw x0,[x1]" },
        { "paca", "armv8.3-a", "pacia x0,x1; autdza x0; xpaci x0; retaa; retab; braa x0,x1; blraaz x0; ldraa x0,[x1,#8]; ldrab x0,[x1,#8]!" },
        { "", "armv8.3-a", "paciasp; autiasp; pacia1716; xpaclri; pacibz; autibsp" },
        { "pacg", "armv8.3-a", "pacga x0,x1,x2" },
        { "flagm", "armv8.4-a", "cfinv; rmif x0,#1,#2; setf8 w0; setf16 w1" },
        { "flagm2", "armv8.5-a", "axflag; xaflag" },
        { "frint", "armv8.5-a", "frint32z d0,d1; frint32x s0,s1; frint64z v0.4s,v1.4s; frint64x v0.2d,v1.2d; frint64z s0,s1; frint32x v0.2s,v1.2s" },
        { "sb", "armv8.5-a", "sb" },
        { "", "armv8.5-a", "bti c; bti j; bti jc; csdb; esb; psb csync" },
        { "rng", "armv8.5-a+rng", "mrs x0,rndr; mrs x1,rndrrs" },
        { "ssbs", "armv8.5-a", "mrs x0,ssbs; msr ssbs,x0; msr ssbs,#1" },
        { "dit", "armv8.4-a", "mrs x0,dit; msr dit,#1" },
        { "mte", "armv8.5-a+memtag", "irg x0,x1,x2; gmi x0,x1,x2; addg x0,x1,#16,#1; subg x0,x1,#16,#1; subp x0,x1,x2; stg x0,[x1]; st2g x0,[x1],#16; stzg x0,[x1,#16]!; ldg x0,[x1]; stgp x0,x1,[x2]; dc gva,x0; dc gzva,x0; mrs x0,tco; cmpp x0,x1" },
        { "i8mm", "armv8.6-a+i8mm", "smmla v0.4s,v1.16b,v2.16b; ummla v0.4s,v1.16b,v2.16b; usmmla v0.4s,v1.16b,v2.16b; usdot v0.4s,v1.16b,v2.16b; sudot v0.4s,v1.16b,v2.4b[1]; usdot v0.2s,v1.8b,v2.4b[0]" },
        { "bf16", "armv8.6-a+bf16", "bfdot v0.4s,v1.8h,v2.8h; bfmmla v0.4s,v1.8h,v2.8h; bfmlalb v0.4s,v1.8h,v2.8h; bfmlalt v0.4s,v1.8h,v2.h[1]; bfcvt h0,s1; bfcvtn v0.4h,v1.4s; bfdot v0.4s,v1.8h,v2.2h[1]" },
        { "wfxt", "armv8.7-a", "wfet x0; wfit x1" },
        { "mops", "armv8-a+mops", "cpyp [x0]!,[x1]!,x2!; cpyfm [x0]!,[x1]!,x2!; setp [x0]!,x1!,x2; sete [x0]!,x1!,x2" },
        { "hbc", "armv8.8-a", "bc.eq .+8" },
        { "cssc", "armv8-a+cssc", "abs x0,x1; cnt w0,w1; ctz x0,x1; smax x0,x1,x2; umin w0,w1,#3; smin x0,x1,#-1; umax x0,x1,x2" },
        { "sve", "armv8-a+sve", "add z0.s,z1.s,z2.s; ptrue p0.b; whilelo p0.s,x0,x1; ld1w {z0.s},p0/z,[x0,x1,lsl #2]; st1d {z0.d},p0,[x0]; cntd x0; incw x0; fmla z0.d,p0/m,z1.d,z2.d; rdvl x0,#1; addvl sp,sp,#-1; faddv s0,p0,z1.s; dup z0.s,w1; index z0.s,#0,#1; ldff1b {z0.b},p0/z,[x0,x1]; ld1rqw {z0.s},p0/z,[x0]; sdot z0.s,z1.b,z2.b; udot z0.d,z1.h,z2.h[1]; compact z0.s,p0,z1.s; ctermeq x0,x1; ldr z0,[x0]; str p0,[x0]; sel z0.s,p0,z1.s,z2.s; ld2w {z0.s,z1.s},p0/z,[x0]; ld1d {z0.d},p0/z,[x0,z1.d]; fcmla z0.s,p0/m,z1.s,z2.s,#90; brka p0.b,p1/z,p2.b; splice z0.s,p0,z0.s,z1.s; mul z0.s,p0/m,z0.s,z1.s; ldnt1w {z0.s},p0/z,[x0]; prfw pldl1keep,p0,[x0]" },
        { "sve2", "armv8-a+sve2", "saba z0.s,z1.s,z2.s; mul z0.s,z1.s,z2.s; smlalb z0.s,z1.h,z2.h; whilege p0.s,x0,x1; whilerw p0.s,x0,x1; tbl z0.b,{z1.b,z2.b},z3.b; tbx z0.b,z1.b,z2.b; eor3 z0.d,z0.d,z1.d,z2.d; bsl z0.d,z0.d,z1.d,z2.d; xar z0.s,z0.s,z1.s,#3; histcnt z0.s,p0/z,z1.s,z2.s; match p0.b,p0/z,z1.b,z2.b; ldnt1w {z0.s},p0/z,[z1.s]; stnt1w {z0.s},p0,[z1.s]; addp z0.s,p0/m,z0.s,z1.s; faddp z0.s,p0/m,z0.s,z1.s; sqabs z0.s,p0/m,z1.s; flogb z0.s,p0/m,z1.s; fcvtnt z0.h,p0/m,z1.s; fmlalb z0.s,z1.h,z2.h; sqrdmlah z0.s,z1.s,z2.s; mla z0.s,z1.s,z2.s[1]; cdot z0.s,z1.b,z2.b,#90; srshr z0.s,p0/m,z0.s,#3; ext z0.b,{z1.b,z2.b},#3; splice z0.s,p0,{z1.s,z2.s}; pmullb z0.h,z1.b,z2.b; sqxtnb z0.b,z1.h; addhnb z0.b,z1.h,z2.h" },
        { "sveaes", "armv8-a+sve2-aes", "aese z0.b,z0.b,z1.b; aesmc z0.b,z0.b; aesd z0.b,z0.b,z1.b" },
        { "svepmull", "armv8-a+sve2-aes", "pmullb z0.q,z1.d,z2.d; pmullt z0.q,z1.d,z2.d" },
        { "svebitperm", "armv8-a+sve2-bitperm", "bext z0.s,z1.s,z2.s; bdep z0.b,z1.b,z2.b; bgrp z0.d,z1.d,z2.d" },
        { "svesha3", "armv8-a+sve2-sha3", "rax1 z0.d,z1.d,z2.d" },
        { "svesm4", "armv8-a+sve2-sm4", "sm4e z0.s,z0.s,z1.s; sm4ekey z0.s,z1.s,z2.s" },
        { "svei8mm", "armv8.2-a+sve+i8mm", "smmla z0.s,z1.b,z2.b; usmmla z0.s,z1.b,z2.b; ummla z0.s,z1.b,z2.b; usdot z0.s,z1.b,z2.b; sudot z0.s,z1.b,z2.b[1]" },
        { "svef32mm", "armv8.2-a+sve+f32mm", "fmmla z0.s,z1.s,z2.s" },
        { "svef64mm", "armv8.2-a+sve+f64mm", "fmmla z0.d,z1.d,z2.d; ld1row {z0.s},p0/z,[x0]; zip1 z0.q,z1.q,z2.q; trn2 z0.q,z1.q,z2.q" },
        { "svebf16", "armv8-a+sve+bf16", "bfdot z0.s,z1.h,z2.h; bfmmla z0.s,z1.h,z2.h; bfcvt z0.h,p0/m,z1.s; bfcvtnt z0.h,p0/m,z1.s; bfmlalb z0.s,z1.h,z2.h; bfmlalt z0.s,z1.h,z2.h[1]" },
        { "sme", "armv8-a+sme", "smstart; smstop sm; fmopa za0.s,p0/m,p1/m,z0.s,z1.s; bfmopa za0.s,p0/m,p1/m,z0.h,z1.h; smopa za0.s,p0/m,p1/m,z0.b,z1.b; ld1w {za0h.s[w12,0]},p0/z,[x0]; zero {za}; ldr za[w12,0],[x0]; mova z0.s,p0/m,za0h.s[w12,0]; rdsvl x0,#1; addha za0.s,p0/m,p1/m,z0.s; mrs x0,svcr; mrs x0,tpidr2_el0" },
        { "smef64f64", "armv8-a+sme-f64", "fmopa za0.d,p0/m,p1/m,z0.d,z1.d; fmops za7.d,p0/m,p1/m,z0.d,z1.d" },
        { "smei16i64", "armv8-a+sme-i64", "smopa za0.d,p0/m,p1/m,z0.h,z1.h; addva za7.d,p0/m,p1/m,z0.d" },
    };

    [Theory]
    [MemberData(nameof(Extensions))]
    public void An_instruction_asks_for_its_extension_and_for_nothing_else(string features, string arch, string instructions)
    {
        Arm64Assembler.RequireInstalled();
        var made = Arm64Assembler.Assemble(arch, instructions.Split("; ").Select(text => text.Contains(':', StringComparison.Ordinal) ? "nop" : text));
        Assert.Equal(instructions.Split("; ").Length, made.Count);
        foreach (var (word, text) in made)
        {
            var found = Arm64Decoder.Find(word);
            Assert.False(found?.IsInvalid ?? false, text);
            Assert.Equal($"{text}: {features}", $"{text}: {string.Join(' ', Arm64Features.NamesOf(found?.Features ?? 0))}");
        }
    }

    /// <summary>Words of every group: what objdump names and as takes for Armv8.0-A asks for nothing, and what it refuses asks for something.</summary>
    [Fact]
    public void Words_at_random_are_baseline_where_the_assembler_says_so()
    {
        const int Groups = 2048, OfEach = 6, GroupShift = 21;
        Arm64Assembler.RequireInstalled();
        var random = new Random(20260701);
        var words = Enumerable.Range(0, Groups * OfEach)
            .Select(i => ((uint)(i / OfEach) << GroupShift) | (uint)random.Next(1 << GroupShift));
        Assert.True(Compare(Arm64Assembler.Name(words)) > 4000);
    }

    [Theory]
    [InlineData("libc.so.6")]
    [InlineData("libstdc++.so.6")]
    [InlineData("libm.so.6")]
    [InlineData("ld-linux-aarch64.so.1")]
    [InlineData("libgomp.so.1")]
    public void Real_libraries_are_baseline_where_the_assembler_says_so(string library)
    {
        Arm64Assembler.RequireInstalled();
        Assert.SkipUnless(File.Exists(Path.Combine(Libraries, library)), $"{library} for arm64 is not installed");
        Assert.True(Compare(Arm64Assembler.Disassemble(Path.Combine(Libraries, library))) > 500);
    }

    /// <returns>How many different instructions were compared.</returns>
    private static int Compare(IEnumerable<(uint Word, string Text)> named)
    {
        var compared = named.DistinctBy(one => one.Text).Where(one => IsComparable(one.Word, one.Text)).ToList();
        var refused = Arm64Assembler.Refused("armv8-a", [.. compared.Select(one => one.Text)]);
        Assert.All(compared.Index(), one =>
        {
            var found = Arm64Decoder.Find(one.Item.Word);
            bool asks = found is { Features: not 0 };
            Assert.True(
                asks == refused.Contains(one.Index) && found is not { IsInvalid: true },
                $"{one.Item.Word:x8} {one.Item.Text}: {(asks ? string.Join(' ', Arm64Features.NamesOf(found!.Features)) : "baseline")}");
        });
        return compared.Count;
    }

    /// <summary>Named by objdump; not relative to where it stands, no hint, no system register, nothing without a name in /proc/cpuinfo.</summary>
    private static bool IsComparable(uint word, string text) =>
        !text.StartsWith('.') && !text.Contains("undefined", StringComparison.Ordinal) && !text.Contains('<', StringComparison.Ordinal)
        && !text.StartsWith("udf", StringComparison.Ordinal)
        && (word & 0x1c000000) != 0x14000000 && (word & 0x1f000000) != 0x10000000 && (word & 0x3b000000) != 0x18000000
        && !Uncounted.Any(name => text.StartsWith(name, StringComparison.Ordinal));
}
