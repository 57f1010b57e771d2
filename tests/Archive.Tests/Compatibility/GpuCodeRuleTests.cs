using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>GPU code of a run judged for GPUs and drivers.</summary>
public sealed class GpuCodeRuleTests
{
    private const string Own = "/app/solve", Blas = "/usr/lib/libcublasLt.so.12", Torch = "/opt/torch/lib/libtorch_cuda.so";

    /// <summary>Files with what they have, PCI id, driver, rule and verdict.</summary>
    public static TheoryData<string, string, string, string> Rows => new()
    {
        // Machine code runs on its own and later chips of its major.
        { $"{Own} sm_80", "20b5", "535.104.05", "" },
        { $"{Own} sm_80", "2204", "535.104.05", "" },
        { $"{Own} sm_80", "2684", "535.104.05", "" },
        { $"{Own} sm_86", "20b5", "535.104.05", "GPU-6 refuse" },
        { $"{Own} sm_80", "2330", "535.104.05", "GPU-6 refuse" },
        { $"{Own} sm_70", "1e04", "535.104.05", "" },
        { $"{Own} sm_70", "1b06", "535.104.05", "GPU-6 refuse" },
        { $"{Own} sm_87", "2204", "535.104.05", "GPU-6 refuse" },
        { $"{Own} sm_100", "3182", "590.10.01", "" },
        { $"{Own} sm_100", "2b85", "590.10.01", "GPU-6 refuse" },
        // One that ends in 'a' on its own alone.
        { $"{Own} sm_90a", "2330", "535.104.05", "" },
        { $"{Own} sm_100a", "3182", "590.10.01", "GPU-6 refuse" },
        // PTX is compiled for its target and everything later, if the driver knows its version.
        { $"{Own} sm_70 sm_80:8.0", "2330", "535.104.05", "" },
        { $"{Own} sm_70 sm_80:8.4", "2330", "535.104.05", "GPU-3 refuse" },
        { $"{Own} sm_70 sm_80:8.4", "2330", "550.54.14", "" },
        { $"{Own} sm_70 sm_80:8.4 sm_50:7.8", "2330", "535.104.05", "" },
        { $"{Own} sm_80 sm_80:8.4", "20b5", "535.104.05", "" },
        { $"{Own} sm_90:8.0", "20b5", "535.104.05", "GPU-6 refuse" },
        { $"{Own} sm_90a:8.4", "2901", "590.10.01", "GPU-6 refuse" },
        { $"{Own} sm_120:8.8", "2b85", "570.86.10", "GPU-3 refuse" },
        { $"{Own} sm_52:7.8", "2330", "", "" },
        // Of a driver that is newer than the tables it is not known what it does not compile.
        { $"{Own} sm_80:9.9", "2330", "615.71.09", "" },
        // Of several fat binaries a kernel is in one: a part of a program can fail alone.
        { $"{Own} sm_80 / sm_70:8.4", "20b5", "535.104.05", "GPU-3 warn" },
        { $"{Own} sm_80 / sm_90", "20b5", "535.104.05", "" },
        // Libraries of NVIDIA are often loaded and not called.
        { $"{Own} sm_80 + {Blas} sm_70", "20b5", "535.104.05", "GPU-6 warn" },
        { $"{Own} sm_90 + {Blas} sm_70", "2330", "535.104.05", "GPU-6 warn" },
        { $"{Blas} sm_70", "2330", "535.104.05", "GPU-6 refuse" },
        { $"{Torch} sm_70 + {Blas} sm_90", "2330", "535.104.05", "GPU-6 refuse" },
        // Nothing is said of a chip that is not known, of another vendor's, and of what was not read.
        { $"{Own} sm_70", "ffff", "535.104.05", "" },
        { $"{Own} sm_70", "1002:73a5", "6.1", "" },
        { $"{Own} sm_70 broken", "2330", "535.104.05", "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Code_is_judged_by_the_gpu_and_its_driver(string files, string pciId, string driver, string expected)
    {
        GpuCode[] code = [.. files.Split(" + ").Select(Parse)];
        GpuProfile[] gpus = [Gpu(pciId, driver)];

        Assert.Equal(expected, Words(GpuCodeRules.Find(code, gpus)));

        // The same years later, of the record.
        var here = Profiles.Host("haswell") with { Gpus = gpus };
        var run = RunSamples.RunOn(Profiles.Host("haswell") with { Gpus = gpus }) with { GpuCode = code, Injected = [RunSamples.Library("libcuda.so.1", "a") with { Reason = "gpu" }] };
        var told = Assessor.Assess(run, here).Findings.Where(finding => finding.Rule is "GPU-3" or "GPU-6");
        Assert.Equal(expected, Words([.. told]));

        // A job that was given no GPU ran none of it.
        Assert.DoesNotContain(Assessor.Assess(run with { Injected = [] }, here).Findings, finding => finding.Rule.StartsWith("GPU-", StringComparison.Ordinal));
    }

    [Fact]
    public void With_several_gpus_one_that_fits_is_enough() =>
        Assert.Empty(GpuCodeRules.Find([Parse($"{Own} sm_90")], [Gpu("20b5", "550.54.14"), Gpu("2330", "550.54.14")]));

    [Fact]
    public void Both_rules_name_what_is_there_and_what_would_be_needed()
    {
        var none = GpuCodeRules.Find([Parse($"{Own} sm_70 sm_80 sm_90:8.4")], [Gpu("1b06", "535.104.05") with { Model = "NVIDIA GeForce GTX 1080 Ti" }]).Single();
        var ptx = GpuCodeRules.Find([Parse($"{Own} sm_80:8.4")], [Gpu("2330", "535.104.05") with { Model = "NVIDIA H100 80GB HBM3" }]).Single();

        Assert.Equal(
            "'/app/solve' has code for sm_70, sm_80 and PTX for sm_90; NVIDIA GeForce GTX 1080 Ti (compute capability 6.1) of this host can run none of it "
            + "(error 209: no kernel image is available)",
            none.Message);
        Assert.Equal("run it on a GPU it has code for, or build it for sm_61", none.Remedy);
        Assert.Equal(
            "'/app/solve' has for NVIDIA H100 80GB HBM3 (compute capability 9.0) only PTX 8.4; driver 535.104.05 of this host compiles PTX up to 8.2 (CUDA 12.2): "
            + "it would fail with error 222 (unsupported PTX version)",
            ptx.Message);
        Assert.Equal("run it on a host with driver 550 or newer, or build it with machine code for this GPU", ptx.Remedy);
    }

    [Theory]
    [InlineData("10de:15f8", "6.0")]
    [InlineData("10de:1db6", "7.0")]
    [InlineData("10de:1eb8", "7.5")]
    [InlineData("10de:20b2", "8.0")]
    [InlineData("10de:2236", "8.6")]
    [InlineData("10de:26b9", "8.9")]
    [InlineData("10de:2335", "9.0")]
    [InlineData("10de:2901", "10.0")]
    [InlineData("10de:3182", "10.3")]
    [InlineData("10de:2b85", "12.0")]
    [InlineData("10de:2e12", "12.1")]
    [InlineData("10de:2b00", null)]
    [InlineData("10de:xyz", null)]
    [InlineData("1002:73a5", null)]
    public void A_pci_id_tells_the_compute_capability(string pciId, string? capability) =>
        Assert.Equal(capability, NvidiaGpu.CapabilityOf(Gpu(pciId, ""))?.ToString());

    [Theory]
    [InlineData("Tesla V100-SXM2-32GB", true)]
    [InlineData("NVIDIA A100-SXM4-80GB", true)]
    [InlineData("NVIDIA H200", true)]
    [InlineData("NVIDIA L40S", true)]
    [InlineData("NVIDIA GH200 480GB", true)]
    [InlineData("NVIDIA GeForce RTX 4090", false)]
    [InlineData("NVIDIA TITAN V", false)]
    [InlineData("NVIDIA RTX A6000", null)]
    [InlineData("Quadro GP100", null)]
    [InlineData("10de:2330", null)]
    public void A_name_tells_whether_a_newer_libcuda_is_taken(string model, bool? taken) =>
        Assert.Equal(taken, NvidiaGpu.TakesNewerLibrary(Gpu("2330", "") with { Model = model }));

    /// <summary>CUDA of the image, driver, libcuda of the image, model of the GPU, rules.</summary>
    [Theory]
    [InlineData("12.4.1", "470.82.01", null, "NVIDIA A100-SXM4-80GB", "GPU-2 refuse")]
    [InlineData("12.4.1", "525.60.13", null, "NVIDIA A100-SXM4-80GB", "")]
    [InlineData("13.0.0", "575.57.08", null, "NVIDIA A100-SXM4-80GB", "GPU-2 refuse")]
    [InlineData("11.8.0", "450.80.02", null, "NVIDIA GeForce RTX 3090", "")]
    [InlineData("10.2", "390.10", null, "NVIDIA GeForce RTX 3090", "")]
    [InlineData("12.4.1", "470.82.01", "550.54.14", "NVIDIA A100-SXM4-80GB", "GPU-4 ok")]
    [InlineData("12.4.1", "470.82.01", "550.54.14", "NVIDIA RTX A6000", "GPU-4 warn")]
    [InlineData("12.4.1", "470.82.01", "550.54.14", "NVIDIA GeForce RTX 3090", "GPU-4 refuse")]
    [InlineData("12.4.1", "535.104.05", "550.54.14", "NVIDIA GeForce RTX 3090", "")]
    [InlineData("12.4.1", "535.104.05", "550.54.14", "NVIDIA RTX A6000", "")]
    [InlineData("12.4.1", "535.104.05", "550.54.14", "NVIDIA A100-SXM4-80GB", "GPU-4 ok")]
    [InlineData("12.4.1", "580.65.06", "550.54.14", "NVIDIA A100-SXM4-80GB", "")]
    public void A_newer_libcuda_of_the_image_is_used_where_the_gpu_takes_it(string cuda, string driver, string? newer, string model, string expected)
    {
        GpuProfile[] gpus = [Gpu("20b5", driver) with { Model = model }];

        var found = GpuDriverRules.Find([("CUDA_VERSION", cuda)], gpus, driver, newer);

        Assert.Equal(expected, Words(found));
        Assert.Equal(expected is "GPU-4 ok" or "GPU-4 warn", GpuDriverRules.TakesNewer([("CUDA_VERSION", cuda)], gpus, driver, newer));
    }

    /// <summary>What a variable of the recorded run asks of the driver of another host.</summary>
    [Theory]
    [InlineData("CUDA_VERSION", "12.4.1", "470.82.01", "GPU-2 refuse")]
    [InlineData("CUDA_VERSION", "12.4.1", "535.104.05", "")]
    [InlineData("NVIDIA_REQUIRE_CUDA", "cuda>=12.4", "535.104.05", "GPU-10 refuse")]
    [InlineData("NVIDIA_REQUIRE_CUDA", "cuda>=12.4 brand=tesla,driver>=535,driver<536", "535.104.05", "GPU-10 warn")]
    [InlineData("NVIDIA_REQUIRE_CUDA", "cuda>=12.2", "535.104.05", "")]
    public void A_record_is_judged_for_the_driver_of_another_host(string name, string value, string driver, string expected)
    {
        var then = Profiles.Host("haswell") with { Gpus = [Gpu("20b5", "330.1")] };
        var run = RunSamples.RunOn(then) with
        {
            Environment = [new() { Name = name, Value = value }],
            Injected = [RunSamples.Library("libcuda.so.1", "a") with { Reason = "gpu" }],
        };

        var findings = Assessor.Assess(run, then with { Gpus = [Gpu("20b5", driver)] }).Findings;

        Assert.Equal(expected, Words([.. findings.Where(finding => finding.Rule is "GPU-2" or "GPU-10")]));
    }

    private static string Words(IReadOnlyList<Finding> findings) =>
        string.Join(", ", findings.Select(finding => $"{finding.Rule} {finding.Verdict.ToString().ToLowerInvariant()}"));

    private static GpuProfile Gpu(string pciId, string driver) => new()
    {
        Vendor = pciId.StartsWith("1002", StringComparison.Ordinal) ? "amd" : "nvidia",
        Model = "NVIDIA some GPU",
        PciAddress = "0000:01:00.0",
        PciId = pciId.Contains(':', StringComparison.Ordinal) ? pciId : $"10de:{pciId}",
        DriverVersion = driver.Length == 0 ? null : driver,
    };

    /// <summary>A path, then of each fat binary its machine code, and its PTX with a version behind a colon.</summary>
    private static GpuCode Parse(string text)
    {
        string[] words = text.Split(' ', 2);
        return new()
        {
            Path = words[0],
            Problem = text.EndsWith(" broken", StringComparison.Ordinal) ? "was cut short" : null,
            Images =
            [
                .. from one in words[1].Replace(" broken", "", StringComparison.Ordinal).Split(" / ")
                   let names = one.Split(' ')
                   select new GpuImages
                   {
                       Count = 1,
                       Cubins = [.. names.Where(name => !name.Contains(':', StringComparison.Ordinal))],
                       Ptx = [.. names.Where(name => name.Contains(':', StringComparison.Ordinal)).Select(name => name.Split(':')).Select(p => new PtxCode { Target = p[0], Version = p[1] })],
                   },
            ],
        };
    }
}
