using Provenance.Archive.Records;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>Variables that make libraries on a newer CPU choose the code of an older one.</summary>
public sealed class DispatchSettingTests
{
    private const string Nehalem = "pni ssse3 sse4_1 sse4_2 popcnt";
    private const string Haswell = Nehalem + " avx avx2 f16c fma bmi1 bmi2 movbe abm";
    private const string Skylake = Haswell + " avx512f avx512cd avx512bw avx512dq avx512vl";

    [Fact]
    public void From_avx512_to_avx2()
    {
        var setting = DispatchSetting.Of(Cpu("GenuineIntel", Haswell), Cpu("GenuineIntel", Skylake), [])!;

        Assert.Equal(
            [
                "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX512F_Usable,-AVX512CD,-AVX512DQ,-AVX512DQ_Usable,-AVX512BW,-AVX512VL",
                "NPY_DISABLE_CPU_FEATURES=AVX512_SKX AVX512F AVX512CD",
                "OPENBLAS_CORETYPE=Haswell",
            ],
            Text(setting));
    }

    [Fact]
    public void From_avx2_to_none()
    {
        var setting = DispatchSetting.Of(Cpu("GenuineIntel", Nehalem), Cpu("AuthenticAMD", Haswell), [])!;

        Assert.Contains("OPENBLAS_CORETYPE=Nehalem", Text(setting));
        Assert.Contains("NPY_DISABLE_CPU_FEATURES=AVX F16C FMA3 AVX2", Text(setting));
    }

    [Fact]
    public void No_kernel_is_asked_for_that_this_cpu_cannot_run()
    {
        Assert.Null(DispatchSetting.Of(Cpu("GenuineIntel", Skylake), Cpu("GenuineIntel", Haswell), []));

        var setting = DispatchSetting.Of(Cpu("GenuineIntel", Skylake), Cpu("AuthenticAMD", Haswell + " fma4 xop"), [])!;

        Assert.DoesNotContain(Text(setting), text => text.StartsWith("OPENBLAS_CORETYPE", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_job_set_itself_is_kept()
    {
        EnvironmentEntry[] own = [new("GLIBC_TUNABLES", "glibc.malloc.check=3"), new("OPENBLAS_CORETYPE", "Zen")];

        var setting = DispatchSetting.Of(Cpu("GenuineIntel", Haswell), Cpu("GenuineIntel", Skylake), own)!;

        Assert.StartsWith("GLIBC_TUNABLES=glibc.malloc.check=3:glibc.cpu.hwcaps=-AVX512F", Text(setting)[0], StringComparison.Ordinal);
        Assert.DoesNotContain(Text(setting), text => text.StartsWith("OPENBLAS_CORETYPE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Haswell, Haswell)]
    [InlineData(Skylake, Skylake)]
    public void The_same_features_need_nothing(string then, string now) =>
        Assert.Null(DispatchSetting.Of(Cpu("GenuineIntel", then), Cpu("GenuineIntel", now), []));

    [Fact]
    public void Another_architecture_has_no_such_variables() =>
        Assert.Null(DispatchSetting.Of(Cpu("GenuineIntel", Haswell) with { Architecture = "arm64" }, Cpu("GenuineIntel", Skylake), []));

    private static string[] Text(ReplaySetting setting) => [.. setting.Variables.Select(variable => $"{variable.Name}={variable.Value}")];

    private static CpuProfile Cpu(string vendor, string features) => new()
    {
        Architecture = "amd64",
        Vendor = vendor,
        Brand = "",
        Family = 6,
        Model = 1,
        Stepping = 1,
        Features = [.. features.Split(' ').Order(StringComparer.Ordinal)],
        FeaturesDisabled = [],
        Caches = [],
        Sockets = 1,
        Cores = 1,
        Threads = 1,
        Hybrid = false,
    };
}
