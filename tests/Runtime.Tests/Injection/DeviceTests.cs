using Provenance.Archive.Records;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Injection.Cdi;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Injection;

/// <summary>GPUs and CDI devices of a folder that stands for a host: what comes into the container, and what is refused.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly CompiledImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public void A_gpu_comes_with_the_libraries_of_the_running_driver_alone()
    {
        NvidiaHost.Install(_image);

        var plan = Gpu();

        Assert.Equal(
            ["/run/prov/bin/nvidia-smi", "/run/prov/lib/libcuda.so.1", "/run/prov/lib/libnvidia-ml.so.1"], plan.Files.Select(file => file.ContainerPath));
        Assert.All(plan.Files, file => Assert.Equal(("gpu", NvidiaHost.Version), (file.Reason, file.DriverVersion)));
        Assert.Equal(
            [
                "device /dev/nvidia-caps/nvidia-cap1", "device /dev/nvidia-uvm", "device /dev/nvidia0", "device /dev/nvidia1", "device /dev/nvidiactl",
                "link /run/prov/lib/libcuda.so",
            ],
            plan.Places.Select(place => $"{place.Kind} {place.ContainerPath}"));
        Assert.Equal([new("LD_LIBRARY_PATH", "/run/prov/lib"), new EnvironmentEntry("PATH", "/bin:/run/prov/bin")], plan.Environment);
        Assert.Empty(plan.Findings);
    }

    [Fact]
    public void Capabilities_of_the_image_decide_which_libraries()
    {
        NvidiaHost.Install(_image);

        var plan = Gpu(new EnvironmentEntry("NVIDIA_DRIVER_CAPABILITIES", "utility,graphics"));

        Assert.Equal(["/run/prov/lib/libGLX_nvidia.so.0", "/run/prov/lib/libnvidia-ml.so.1"],
            plan.Files.Select(file => file.ContainerPath).Where(path => path.Contains("/lib/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("NVIDIA_REQUIRE_CUDA", "cuda>=12.4", "GPU-10")]
    [InlineData("NVIDIA_REQUIRE_CUDA", "cuda>=12.2", null)]
    [InlineData("CUDA_VERSION", "13.0.1", "GPU-2")]
    [InlineData("CUDA_VERSION", "12.8.0", null)]
    public void What_the_image_requires_of_the_driver_is_judged(string name, string value, string? rule)
    {
        NvidiaHost.Install(_image);

        if (rule is null)
            Assert.Empty(Gpu(new EnvironmentEntry(name, value)).Findings);
        else
            Assert.Equal(rule, Refused(() => Gpu(new EnvironmentEntry(name, value))).Rule);
    }

    [Fact]
    public void A_requirement_can_be_switched_off()
    {
        NvidiaHost.Install(_image);

        Assert.Empty(Gpu(new("NVIDIA_REQUIRE_CUDA", "cuda>=99.0"), new("NVIDIA_DISABLE_REQUIRE", "1")).Findings);
    }

    [Fact]
    public void A_kernel_module_of_another_version_than_the_library_is_refused()
    {
        NvidiaHost.Install(_image, module: "550.54.14");

        var refused = Refused(() => Gpu());

        Assert.Equal("GPU-5", refused.Rule);
        Assert.Equal(["550.54.14", NvidiaHost.Version], refused.Evidence);
    }

    [Fact]
    public void Without_a_gpu_there_is_a_clear_word()
    {
        Directory.CreateDirectory(_image.Host);

        Assert.Equal("GPU-1", Refused(() => Gpu()).Rule);
    }

    [Fact]
    public void A_static_program_gets_no_driver()
    {
        NvidiaHost.Install(_image);
        string program = _image.Program("still", "int main(void){return 0;}", "-static");

        Assert.Equal("INJ-1", Refused(() => _image.Plan(program, new InjectionRequest { Gpu = true, HostRoot = _image.Host })).Rule);
    }

    [Fact]
    public void Amd_gpus_are_devices()
    {
        _image.Write("host/dev/kfd", "");
        _image.Write("host/dev/dri/renderD128", "");

        Assert.Equal(["device /dev/kfd", "folder /dev/dri"], Gpu().Places.OrderByDescending(place => place.ContainerPath).Select(place => $"{place.Kind} {place.ContainerPath}"));
    }

    [Fact]
    public void A_specification_of_nvidia_ctk_brings_files_links_devices_and_variables()
    {
        NvidiaHost.Install(_image);

        var plan = Cdi("nvidia.com/gpu=0");

        Assert.Equal(
            ["/usr/bin/nvidia-smi", "/usr/lib64/libcuda.so.535.104.05", "/usr/lib64/libnvidia-ml.so.535.104.05"], plan.Files.Select(file => file.ContainerPath));
        Assert.Equal(
            [
                "/dev/nvidia-uvm ", "/dev/nvidia0 ", "/dev/nvidiactl ", "/usr/lib64/libcuda.so libcuda.so.1", "/usr/lib64/libcuda.so.1 libcuda.so.535.104.05",
                "/usr/lib64/libnvidia-ml.so.1 libnvidia-ml.so.535.104.05",
            ],
            plan.Places.Select(place => $"{place.ContainerPath} {place.Target}"));
        Assert.Equal([new("LD_LIBRARY_PATH", "/usr/lib64"), new EnvironmentEntry("NVIDIA_VISIBLE_DEVICES", "void")], plan.Environment);
        Assert.Empty(plan.Findings);
    }

    /// <summary>Device nodes below /dev/dri with links and groups, and hooks that came with toolkit 1.18 and 1.19.</summary>
    [Fact]
    public void A_specification_of_the_newest_nvidia_ctk_is_understood()
    {
        NvidiaHost.Install(_image);
        _image.Write("host/dev/dri/card1", "");
        _image.Write("host/dev/dri/renderD128", "");

        var plan = CdiOf("nvidia-615.yaml", "nvidia.com/gpu=0");

        Assert.Equal(["CDI-3 Warn"], plan.Findings.Select(finding => $"{finding.Rule} {finding.Verdict}"));
        Assert.Contains("groups 44, 105", plan.Findings[0].Message, StringComparison.Ordinal);
        Assert.Equal(
            [
                "device /dev/dri/card1 ", "device /dev/dri/renderD128 ", "device /dev/nvidia-uvm ", "device /dev/nvidia0 ", "device /dev/nvidiactl ",
                "link /dev/dri/by-path/pci-0000:00:04.0-card ../card1", "link /usr/lib64/libcuda.so libcuda.so.1",
                "link /usr/lib64/libcuda.so.1 libcuda.so.535.104.05", "link /usr/lib64/libnvidia-ml.so.1 libnvidia-ml.so.535.104.05",
            ],
            plan.Places.Select(place => $"{place.Kind} {place.ContainerPath} {place.Target}").Order(StringComparer.Ordinal));
        Assert.Contains(new EnvironmentEntry("NVIDIA_CTK_LIBCUDA_DIR", "/usr/lib64"), plan.Environment);
    }

    [Fact]
    public void A_specification_of_amd_ctk_brings_devices_and_its_links()
    {
        foreach (string device in (string[])["kfd", "dri/card1", "dri/renderD128"])
            _image.Write($"host/dev/{device}", "");

        var plan = CdiOf("amd.json", "amd.com/gpu=0");

        Assert.Empty(plan.Findings);
        Assert.Equal(
            ["device /dev/dri/card1 ", "device /dev/dri/renderD128 ", "device /dev/kfd ", "link /opt/rocm-5.7.0/lib /opt/rocm/lib"],
            plan.Places.Select(place => $"{place.Kind} {place.ContainerPath} {place.Target}"));
    }

    [Fact]
    public void A_specification_of_intels_plugin_brings_devices_and_their_names_by_path()
    {
        _image.Write("host/dev/dri/card1", "");
        _image.Write("host/dev/dri/renderD128", "");
        Directory.CreateDirectory(_image.At("host/dev/dri/by-path"));
        File.CreateSymbolicLink(_image.At("host/dev/dri/by-path/pci-0000:03:00.0-card"), "../card1");

        var plan = CdiOf("intel.json", "intel.cdi.k8s.io/gpu=card1");

        Assert.Empty(plan.Findings);
        Assert.Equal(
            ["folder /dev/dri/by-path", "device /dev/dri/card1", "device /dev/dri/renderD128"],
            plan.Places.OrderBy(place => place.ContainerPath, StringComparer.Ordinal).Select(place => $"{place.Kind} {place.ContainerPath}"));
    }

    [Theory]
    [InlineData("nvidia-cdi-hook, update-something-new", "/usr/bin/nvidia-cdi-hook", Verdict.Warn)]
    [InlineData("nvidia-ctk, hook, update-something-new", "/usr/local/nvidia/toolkit/nvidia-ctk", Verdict.Warn)]
    [InlineData("nvidia-ctk, runtime", "/usr/bin/nvidia-ctk", Verdict.Refuse)]
    [InlineData("amd-ctk, hook, update-something-new", "/usr/bin/amd-ctk", Verdict.Refuse)]
    [InlineData("format-disk", "/usr/bin/format-disk", Verdict.Refuse)]
    public void A_hook_that_is_not_known_is_passed_over_only_where_its_own_program_would(string args, string path, Verdict verdict)
    {
        _image.Write("cdi/x.yaml", $"cdiVersion: 0.6.0\nkind: a.b/c\ndevices: [ {{ name: d, containerEdits: {{ hooks: [ {{ hookName: createContainer, path: {path}, args: [ {args} ] }} ] }} }} ]");
        Directory.CreateDirectory(_image.Host);
        var request = new InjectionRequest { Devices = ["a.b/c=d"], CdiFolders = [_image.At("cdi")], HostRoot = _image.Host, Force = true };

        var finding = Assert.Single(_image.Plan(Program(), request).Findings);

        Assert.Equal(("CDI-2", verdict), (finding.Rule, finding.Verdict));
    }

    /// <summary>A newer libcuda of the image takes the place of the host's on a GPU for data centres; on one for games it is refused.</summary>
    [Theory]
    [InlineData("NVIDIA A100-SXM4-80GB", "20b2", "550.54.14", "")]
    [InlineData("NVIDIA A100-SXM4-80GB", "20b2", "525.1.1", "host")]
    [InlineData("NVIDIA GeForce RTX 3090", "2204", "550.54.14", "host")]
    public void A_newer_libcuda_of_the_image_is_used_where_the_gpu_takes_it(string model, string device, string newer, string taken)
    {
        NvidiaHost.Install(_image);
        NvidiaHost.AddGpu(_image, model, device);
        _image.Library($"image/usr/local/cuda/compat/libcuda.so.{newer}", "libcuda.so.1", "int cuInit(int f){return 0;}");
        File.CreateSymbolicLink(_image.At("image/usr/local/cuda/compat/libcuda.so.1"), $"libcuda.so.{newer}");

        var plan = Gpu();

        Assert.Equal(taken == "host", plan.Files.Any(file => file.ContainerPath.Contains("libcuda", StringComparison.Ordinal)));
        Assert.Equal(taken == "host" ? null : "GPU-4", plan.Findings.Select(finding => finding.Rule).FirstOrDefault());
        Assert.Equal(
            taken == "host" ? "/run/prov/lib" : "/run/prov/lib:/usr/local/cuda/compat",
            plan.Environment.First(entry => entry.Name == "LD_LIBRARY_PATH").Value);
    }

    [Fact]
    public void What_the_program_has_for_gpus_is_judged_before_it_starts()
    {
        NvidiaHost.Install(_image);
        NvidiaHost.AddGpu(_image, "NVIDIA GeForce GTX 1080 Ti", "1b06");
        string fixture = Path.Combine(AppContext.BaseDirectory, "Binaries", "Fixtures", "cuda-11.8.fatbin");
        string code = _image.Write("gpu.s", $".section .nv_fatbin,\"a\"\n.balign 8\n.incbin \"{fixture}\"\n.section .note.GNU-stack,\"\",@progbits\n");
        string program = _image.Program("solve", "int main(void){return 0;}", code);

        var refused = Refused(() => _image.Plan(program, new InjectionRequest { Gpu = true, HostRoot = _image.Host }));

        Assert.Equal("GPU-6", refused.Rule);
        Assert.Contains("'/bin/solve' has code for sm_70, sm_80 and PTX for sm_80; NVIDIA GeForce GTX 1080 Ti (compute capability 6.1)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_two_devices_of_one_specification_have_in_common_comes_once()
    {
        NvidiaHost.Install(_image);

        Assert.Equal(Cdi("nvidia.com/gpu=0").Places.Count, Cdi("nvidia.com/gpu=0", "nvidia.com/gpu=all").Places.Count);
    }

    [Fact]
    public void A_specification_that_is_older_than_the_driver_is_refused_even_by_force()
    {
        NvidiaHost.Install(_image);
        File.Delete(_image.At($"host/usr/lib64/libcuda.so.{NvidiaHost.Version}"));

        var refused = Refused(() => Cdi("nvidia.com/gpu=0"));

        Assert.Equal(("INJ-11", false), (refused.Rule, refused.CanForce));
        Assert.Contains("/usr/lib64/libcuda.so.535.104.05", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"the NVIDIA driver that is loaded is {NvidiaHost.Version}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_asks_for_cuda_is_checked_against_the_drivers_library()
    {
        NvidiaHost.Install(_image);
        string stub = _image.Library("stubs/libcuda.so", "libcuda.so.1", "int cuInit(int f){return 0;} int cuFuture(void){return 0;}");
        string program = _image.Program("app", "int cuInit(int); int cuFuture(void); int main(void){return cuInit(0)+cuFuture();}", stub);
        var request = new InjectionRequest { Gpu = true, HostRoot = _image.Host };

        var refused = Refused(() => _image.Plan(program, request));

        Assert.Equal("INJ-5", refused.Rule);
        Assert.Equal(["cuFuture"], refused.Evidence);
        var forced = _image.Plan(program, request with { Force = true });
        Assert.Equal(["cuInit"], forced.Files.Single(file => file.ContainerPath.EndsWith("libcuda.so.1", StringComparison.Ordinal)).SymbolsUsed);
    }

    [Fact]
    public void A_later_folder_of_specifications_goes_before_an_earlier()
    {
        const string Spec = "cdiVersion: 0.6.0\nkind: a.b/c\ndevices: [ { name: d, containerEdits: { env: [ WHICH=NAME ] } } ]";
        _image.Write("first/x.yaml", Spec.Replace("NAME", "first", StringComparison.Ordinal));
        _image.Write("second/y.yaml", Spec.Replace("NAME", "second", StringComparison.Ordinal));
        _image.Write("second/broken.yaml", "{");
        var specs = CdiSpecs.Read([_image.At("first"), _image.At("missing"), _image.At("second")]);

        Assert.Equal(["WHICH=second"], specs.Find("a.b/c=d").Device.ContainerEdits!.Env);
        Assert.Contains("broken.yaml", Assert.Throws<CdiException>(() => specs.Find("a.b/c=e")).Message, StringComparison.Ordinal);

        _image.Write("second/z.yaml", Spec);
        Assert.Throws<CdiException>(() => CdiSpecs.Read([_image.At("second")]).Find("a.b/c=d"));
    }

    private InjectionPlan Gpu(params EnvironmentEntry[] environment) =>
        _image.Plan(Program(), new InjectionRequest { Gpu = true, HostRoot = _image.Host }, environment);

    private InjectionPlan Cdi(params string[] names) => CdiOf("nvidia-535.yaml", names);

    private InjectionPlan CdiOf(string fixture, params string[] names)
    {
        Directory.CreateDirectory(_image.At("cdi"));
        File.Copy(Path.Combine(Path.GetDirectoryName(NvidiaHost.Fixture)!, fixture), _image.At($"cdi/{fixture}"), overwrite: true);
        return _image.Plan(Program(), new InjectionRequest { Devices = names, CdiFolders = [_image.At("cdi")], HostRoot = _image.Host });
    }

    private string Program() => _image.Program("app", "int main(void){return 0;}");

    private static Finding Refused(Func<InjectionPlan> plan) =>
        Assert.Throws<InjectionRefusedException>(plan).Findings.First(finding => finding.Verdict == Verdict.Refuse);
}
