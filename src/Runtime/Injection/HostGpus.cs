using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Host;

namespace Provenance.Runtime.Injection;

/// <summary>What <c>--gpu</c> brings: the NVIDIA driver's files and devices, or the devices of AMD's, whose libraries an image has itself.</summary>
/// <param name="root">Below which the host's files are; empty for the host's root.</param>
/// <param name="host">Looks libraries up below it.</param>
/// <param name="cache">The dynamic linker's, of the same root.</param>
/// <param name="environment">The job's: an image says there what it needs.</param>
internal sealed class HostGpus(string root, LibrarySearch host, LoaderCache cache, EnvironmentEdits environment)
{
    /// <summary>Where images of CUDA have a libcuda for drivers that are older than themselves.</summary>
    public const string NewerLibraryFolder = "/usr/local/cuda/compat";

    /// <summary>Those of the driver that the newer libcuda brings its own of.</summary>
    private static readonly string[] OfTheNewerLibrary = ["libcuda", "libcudadebugger", "libnvidia-ptxjitcompiler", "libnvidia-nvvm", "libnvidia-nvvm70"];

    private readonly DeviceParts _parts = new();

    /// <summary>After <see cref="Gather"/>: those of NVIDIA with the version of the libcuda that the job gets.</summary>
    public IReadOnlyList<GpuProfile> Gpus { get; private set; } = [];

    /// <param name="variables">The job's.</param>
    /// <param name="newer">The file of the image's own libcuda for older drivers; null for none.</param>
    public DeviceParts Gather(IReadOnlyList<(string Name, string Value)> variables, string? newer)
    {
        string? version = NvidiaDriver.ReadVersion(root);
        if (version is not null)
        {
            var driver = new NvidiaDriver(root, host, cache);
            CheckLibrary(driver, version);
            bool takesNewer = CheckImage(variables, version, newer);
            driver.Gather(_parts, version, environment.Value("NVIDIA_DRIVER_CAPABILITIES"), without: takesNewer ? OfTheNewerLibrary : []);
            if (takesNewer)
            {
                _parts.LibraryFolders.Add(NewerLibraryFolder);
            }
        }

        bool hasAmd = Path.Exists(root + "/dev/kfd");
        if (hasAmd)
        {
            AddAmd();
        }

        if (version is null && !hasAmd)
        {
            _parts.Findings.Add(InjectionFinding.Refuse(
                "GPU-1",
                "this host has no GPU with a driver for computing: neither /proc/driver/nvidia/version nor /dev/kfd is there",
                ["/proc/driver/nvidia/version", "/dev/kfd"],
                "run it on a node with a GPU, or load the driver"));
        }

        return _parts;
    }

    /// <summary>With another version than the module's every call fails with CUDA_ERROR_SYSTEM_DRIVER_MISMATCH.</summary>
    private void CheckLibrary(NvidiaDriver driver, string version)
    {
        var installed = driver.CudaVersions();
        if (installed.Contains(version))
        {
            return;
        }

        string have = installed.Count == 0 ? "no libcuda" : $"libcuda {string.Join(", ", installed)}";
        _parts.Findings.Add(InjectionFinding.Refuse(
            "GPU-5",
            $"the NVIDIA kernel module is {version}, and this host has {have}: CUDA would fail with error 803 (system has unsupported display driver)",
            [version, .. installed],
            "reload the kernel module, or restart the machine after an update of the driver"));
    }

    /// <returns>Whether the image's own libcuda takes the place of the host's.</returns>
    private bool CheckImage(IReadOnlyList<(string Name, string Value)> variables, string version, string? newer)
    {
        var gpus = GpuProbe.Read(new MachineFiles(root));
        string? newerVersion = newer is null ? null : NvidiaDriver.VersionOf(newer);
        _parts.Findings.AddRange(GpuDriverRules.Find(variables, gpus, version, newerVersion));
        bool takesNewer = GpuDriverRules.TakesNewer(variables, gpus, version, newerVersion);
        Gpus = [.. gpus.Select(gpu => gpu.Vendor == "nvidia" ? gpu with { DriverVersion = takesNewer ? newerVersion : version } : gpu)];
        return takesNewer;
    }

    /// <remarks>Source: ROCm documentation, "Running ROCm Docker containers": /dev/kfd and the render nodes.</remarks>
    private void AddAmd()
    {
        _parts.AddPlace("device", root + "/dev/kfd", "/dev/kfd", readOnly: false, "gpu");
        if (Directory.Exists(root + "/dev/dri"))
        {
            _parts.AddPlace("folder", root + "/dev/dri", "/dev/dri", readOnly: false, "gpu");
        }
    }
}
