using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Host;

/// <summary>Names, levels and features of machines that others captured, and of recorded processors.</summary>
public sealed class CapturedMachineTests
{
    [Theory]
    [InlineData("linux-amazon-cortex_a72", "cortex_a72", "v8.0")]
    [InlineData("linux-amazon-neoverse_n1", "neoverse_n1", "v8.2")]
    [InlineData("linux-amazon-neoverse_v1", "neoverse_v1", "v8.4")]
    [InlineData("linux-asahi-m1", "m1", "v8.4")]
    [InlineData("linux-centos7-cascadelake", "cascadelake", "v4")]
    [InlineData("linux-centos7-thunderx2", "thunderx2", "v8.1")]
    [InlineData("linux-rhel7-broadwell", "broadwell", "v3")]
    [InlineData("linux-rhel7-haswell", "haswell", "v3")]
    [InlineData("linux-rhel7-ivybridge", "ivybridge", "v2")]
    [InlineData("linux-rhel7-skylake_avx512", "skylake_avx512", "v4")]
    [InlineData("linux-rhel7-zen", "zen", "v3")]
    [InlineData("linux-rhel9-neoverse_v2", "neoverse_v2", "v9.0")]
    [InlineData("linux-rocky8-a64fx", "a64fx", "v8.2")]
    [InlineData("linux-rocky8.5-zen4", "zen4", "v4")]
    [InlineData("linux-rocky9-zen5", "zen5", "v4")]
    [InlineData("linux-scientific7-k10", "k10", "v1")]
    [InlineData("linux-scientific7-piledriver", "piledriver", "v2")]
    [InlineData("linux-scientificfermi6-bulldozer", "bulldozer", "v2")]
    [InlineData("linux-ubuntu20.04-zen3", "zen3", "v3")]
    [InlineData("linux-ubuntu22.04-ampere1", "ampere1", "v8.6")]
    [InlineData("linux-ubuntu26.04-arrowlake_s", "arrowlake_s", "v3")]
    [InlineData("linux-unknown-sapphirerapids", "sapphirerapids", "v4")]
    public void A_machine_has_the_name_and_level_that_archspec_gives_it(string machine, string name, string level)
    {
        var cpu = Machine.Read(machine).Cpu;

        Assert.Equal((name, level), (cpu.Microarchitecture, cpu.Level));
    }

    /// <summary>Where archspec lets one hidden flag decide: <c>aes</c>, and instructions that an older kernel does not print.</summary>
    [Theory]
    [InlineData("linux-rhel7-x86_64_v3", "haswell")]
    [InlineData("linux-ubuntu24.04-alderlake", "arrowlake_s")]
    public void A_hidden_flag_does_not_rename_a_machine(string machine, string name) =>
        Assert.Equal(name, Machine.Read(machine).Cpu.Microarchitecture);

    [Theory]
    [InlineData("qemu-nehalem.cpuid", 0x0UL, "nehalem", "v2", 6, 0x1a)]
    [InlineData("qemu-sandybridge.cpuid", 0x7UL, "sandybridge", "v2", 6, 0x2a)]
    [InlineData("qemu-haswell.cpuid", 0x7UL, "haswell", "v3", 6, 0x3c)]
    [InlineData("qemu-skylake-client.cpuid", 0x207UL, "skylake", "v3", 6, 0x5e)]
    [InlineData("qemu-epyc.cpuid", 0x207UL, "zen", "v3", 23, 1)]
    public void A_recorded_processor_is_read_from_cpuid_alone(
        string table, ulong xcr0, string name, string level, int family, int model)
    {
        var cpu = Machine.ReadCpuid(table, xcr0).Cpu;

        Assert.Equal((name, level, family, model), (cpu.Microarchitecture, cpu.Level, cpu.Family, cpu.Model));
    }

    [Fact]
    public void What_xcr0_does_not_enable_is_disabled_and_lowers_the_level()
    {
        var cpu = Machine.ReadCpuid("qemu-haswell.cpuid", xcr0: 0x3).Cpu;

        Assert.Equal("v2", cpu.Level);
        Assert.Equal("ivybridge", cpu.Microarchitecture);
        Assert.Equal(["avx", "avx2", "f16c", "fma"], cpu.FeaturesDisabled);
        Assert.Contains("bmi2", cpu.Features);
    }

    [Fact]
    public void Caches_are_those_of_cpuid()
    {
        var caches = Machine.ReadCpuid("qemu-haswell.cpuid", 0x7).Cpu.Caches;

        // 64-byte lines: 8 ways of 64 sets twice, 16 ways of 4096 sets, 16 ways of 16384 sets.
        Assert.Equal(
            [(1, "data", 32 << 10), (1, "instruction", 32 << 10), (2, "unified", 4 << 20), (3, "unified", 16L << 20)],
            caches.Select(c => (c.Level, c.Type, c.SizeBytes)));
    }

    [Fact]
    public void A_flag_that_the_kernel_hides_is_disabled_and_one_it_never_prints_is_not()
    {
        HashSet<string> kernel = ["avx", "fma"];

        var usable = X86Features.Usable(["avx", "fma", "rdseed", "avx_ifma", "amx_tile"], kernel, xcr0: 0x7);

        Assert.Equal(["avx", "fma", "avx_ifma"], usable);
    }

    [Fact]
    public void Where_xcr0_cannot_be_read_the_kernel_is_believed()
    {
        HashSet<string> kernel = ["avx"];

        Assert.Equal(["avx"], X86Features.Usable(["avx", "avx512f", "avx512_fp16"], kernel, xcr0: null));
    }

    [Fact]
    public void The_words_that_the_kernel_adds_are_no_features()
    {
        var features = Machine.Read("linux-rocky9-zen5").Cpu.Features;

        Assert.Contains("avx512_vp2intersect", features);
        Assert.DoesNotContain("rep_good", features);
        Assert.DoesNotContain("constant_tsc", features);
    }

    [Fact]
    public void Hwcaps_are_the_names_of_their_bits()
    {
        // As qemu-aarch64 gives them for a Neoverse N1 and an A64FX, measured.
        Assert.Equal(
            "aes asimd asimddp asimdhp asimdrdm atomics cpuid crc32 dcpop evtstrm fp fphp lrcpc pmull sha1 sha2",
            string.Join(' ', Arm64Hwcaps.NamesOf(0x119fff, 0).Order(StringComparer.Ordinal)));
        Assert.Contains("sve", Arm64Hwcaps.NamesOf(0x415ffb, 0));
        Assert.Equal(["sve2", "i8mm"], Arm64Hwcaps.NamesOf(0, (1 << 1) | (1 << 13)));
    }

    [Theory]
    [InlineData("GenuineIntel", 6, 0xff, "v3", "x86_64_v3")]
    [InlineData("CentaurHauls", 7, 0x3b, "v2", "x86_64_v2")]
    [InlineData("AuthenticAMD", 0x1b, 0, "v1", "x86_64")]
    public void A_processor_nobody_has_named_is_called_by_its_level(
        string vendor, int family, int model, string level, string name)
    {
        var cpu = new X86Identity { Vendor = vendor, Brand = "", Family = family, Model = model, Stepping = 0 };

        Assert.Equal(name, X86Microarchitectures.Find(cpu, level, new HashSet<string>()));
    }

    [Fact]
    public void A_newer_model_is_called_by_the_latest_name_whose_features_it_has()
    {
        var zen5 = Machine.Read("linux-rocky9-zen5").Cpu;
        var later = new X86Identity { Vendor = "AuthenticAMD", Brand = "", Family = 0x1b, Model = 0, Stepping = 0 };

        Assert.Equal("zen5", X86Microarchitectures.Find(later, "v4", zen5.Features.ToHashSet()));
        Assert.Equal("zen4", X86Microarchitectures.Find(later, "v4", zen5.Features.Where(f => f != "movdiri").ToHashSet()));
    }

    [Fact]
    public void A_machine_of_which_nothing_can_be_read_still_has_a_profile()
    {
        var profile = HostProbe.Read(Machine.Sources("none", "amd64"));

        Assert.Empty(profile.Cpu.Features);
        Assert.Equal(("v1", 1, "unknown"), (profile.Cpu.Level, profile.Cpu.Threads, profile.Kernel.Release));
        Assert.Equal(HostProfile.SchemaV1, HostProfileJson.Parse(HostProfileJson.Serialize(profile)).Schema);
    }
}
