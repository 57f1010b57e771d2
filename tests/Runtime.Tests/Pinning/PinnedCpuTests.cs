using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Tests.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Pinning;

/// <summary>What a job is told of another processor: never more than this one keeps.</summary>
public sealed class PinnedCpuTests
{
    private static readonly CpuidSource Haswell = Table("qemu-haswell");
    private static readonly CpuidSource Nehalem = Table("qemu-nehalem");

    public static TheoryData<uint, uint> Features => new()
    {
        { 1, 0 }, { 7, 0 }, { 7, 1 }, { 0x80000001, 0 },
    };

    [Theory]
    [MemberData(nameof(Features))]
    public void No_feature_is_shown_that_one_of_the_two_lacks(uint leaf, uint subleaf)
    {
        foreach (var (shown, here) in new[] { (Haswell, Nehalem), (Nehalem, Haswell) })
        {
            var answer = new PinnedCpu(shown, here).Answer(leaf, subleaf);

            // Bit 27 of leaf 1 is the system's; EBX of leaf 1 holds no features.
            Assert.Equal(0u, answer.Ecx & ~(shown(leaf, subleaf).Ecx | (1u << 27)));
            Assert.Equal(0u, answer.Ecx & ~here(leaf, subleaf).Ecx);
            Assert.Equal(0u, answer.Edx & ~(shown(leaf, subleaf).Edx & here(leaf, subleaf).Edx));
            Assert.True(leaf == 1 || (answer.Ebx & ~(shown(leaf, subleaf).Ebx & here(leaf, subleaf).Ebx)) == 0);
        }
    }

    [Fact]
    public void Vendor_model_and_caches_are_those_of_the_other()
    {
        var cpu = new PinnedCpu(Nehalem, Haswell);

        Assert.Equal(Nehalem(0, 0), cpu.Answer(0, 0));
        Assert.Equal(Nehalem(1, 0).Eax, cpu.Answer(1, 0).Eax);
        Assert.Equal(Nehalem(4, 2), cpu.Answer(4, 2));
        Assert.Equal(Nehalem(0x80000003, 0), cpu.Answer(0x80000003, 0));
    }

    [Fact]
    public void A_leaf_without_subleaves_ignores_the_index() =>
        Assert.Equal(new PinnedCpu(Nehalem, Haswell).Answer(0x80000002, 0), new PinnedCpu(Nehalem, Haswell).Answer(0x80000002, 77));

    [Fact]
    public void The_room_that_registers_need_is_this_machines()
    {
        Assert.Equal(Haswell(0xd, 0), new PinnedCpu(Table("qemu-sandybridge"), Haswell).Answer(0xd, 0));
        // A processor that saves nothing this way: zero, and no word of it in leaf 1.
        var old = new PinnedCpu((leaf, _) => leaf switch { 0 => new(0xd, 0, 0, 0), _ => default }, Haswell);
        Assert.Equal(default, old.Answer(0xd, 0));
        Assert.Equal(0u, old.Answer(1, 0).Ecx);
    }

    [Fact]
    public void The_number_of_this_cpu_stays() =>
        Assert.Equal(
            Haswell(1, 0).Ebx & 0xffff0000, new PinnedCpu(Nehalem, Haswell).Answer(1, 0).Ebx & 0xffff0000);

    [Theory]
    [InlineData(0x40000000)]
    [InlineData(0x40000001)]
    [InlineData(0x00000077)]
    [InlineData(0x80000077)]
    public void Hypervisors_and_what_is_beyond_the_last_leaf_are_zero(uint leaf) =>
        Assert.Equal(default, new PinnedCpu(Nehalem, (_, _) => new(1, 2, 3, 4)).Answer(leaf, 0));

    [Fact]
    public void A_level_hides_what_it_does_not_have_and_nothing_else()
    {
        var features = X86Level.Limit(HostProbe.Read(Machine.Sources("none", "amd64") with { Cpuid = Haswell, Xcr0 = 7 }).Cpu, "v2").Features.ToHashSet();

        Assert.Equal("v2", X86Level.Of(features));
        var shown = X86Features.Claimed((leaf, subleaf) => X86Features.Limit(leaf, subleaf, Haswell(leaf, subleaf), features));
        Assert.Equal("v2", X86Level.Of(shown));
        Assert.DoesNotContain(shown, name => name.StartsWith("avx", StringComparison.Ordinal) || name is "fma" or "bmi2" or "aes");
        Assert.Contains("rdtscp", shown);
    }

    [Fact]
    public void A_table_that_was_recorded_says_the_same_again()
    {
        var again = CpuidTable.Parse(string.Join('\n', CpuidTable.Record(Haswell)));

        Assert.Equal(X86Features.Claimed(Haswell).Order(), X86Features.Claimed(again.Read).Order());
        Assert.Equal(X86Identity.Read(Haswell), X86Identity.Read(again.Read));
        Assert.Equal(CpuCaches.FromCpuid(Haswell, "GenuineIntel"), CpuCaches.FromCpuid(again.Read, "GenuineIntel"));
    }

    private static CpuidSource Table(string name) =>
        CpuidTable.Parse(File.ReadAllText(Path.Combine(Machine.Folder("cpuid"), name + ".cpuid"))).Read;
}
