using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>What <c>--gpu</c> brings: the NVIDIA driver's files and devices, or the devices of AMD's, whose libraries an image has itself.</summary>
/// <param name="root">Below which the host's files are; empty for the host's root.</param>
/// <param name="host">Looks libraries up below it.</param>
/// <param name="cache">The dynamic linker's, of the same root.</param>
/// <param name="environment">The job's: an image says there what it needs.</param>
internal sealed class HostGpus(string root, LibrarySearch host, LoaderCache cache, EnvironmentEdits environment)
{
    // docs.nvidia.com/deploy/cuda-compatibility, "minor version compatibility".
    private static readonly Dictionary<int, int> OldestDriverByCuda = new() { [11] = 450, [12] = 525, [13] = 580 };

    private readonly DeviceParts _parts = new();

    /// <param name="names">Names of the job's variables.</param>
    /// <param name="hasCompatible">Whether the image has a newer libcuda of its own, for data-centre GPUs.</param>
    public DeviceParts Gather(IEnumerable<string> names, bool hasCompatible)
    {
        string? version = NvidiaDriver.ReadVersion(root);
        if (version is not null)
        {
            var driver = new NvidiaDriver(root, host, cache);
            CheckLibrary(driver, version);
            CheckImage(names, version, hasCompatible);
            driver.Gather(_parts, version, environment.Value("NVIDIA_DRIVER_CAPABILITIES"));
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

    private void CheckImage(IEnumerable<string> names, string version, bool hasCompatible)
    {
        if (!Version.TryParse(version, out var driver))
        {
            return;
        }

        string? cuda = environment.Value("CUDA_VERSION");
        if (Version.TryParse(cuda, out var toolkit) && !hasCompatible
            && OldestDriverByCuda.TryGetValue(toolkit.Major, out int oldest) && driver.Major < oldest)
        {
            _parts.Findings.Add(InjectionFinding.Refuse(
                "GPU-2", $"the image's CUDA {cuda} needs an NVIDIA driver of {oldest} or newer; this host's is {version}", [cuda!, version],
                "run it on a node with a newer driver, or use an image with an older CUDA"));
        }

        if (environment.Value("NVIDIA_DISABLE_REQUIRE") is "1" or "true")
        {
            return;
        }

        foreach (string name in names.Where(name => name.StartsWith("NVIDIA_REQUIRE_", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal))
        {
            Check(name, environment.Value(name) ?? "", driver);
        }
    }

    private void Check(string name, string requirement, Version driver)
    {
        string known = $"this host's driver is {driver}, for CUDA {NvidiaRequirement.CudaOf(driver)?.ToString() ?? "older than 8.0"}";
        switch (NvidiaRequirement.Holds(requirement, driver))
        {
            case false:
                _parts.Findings.Add(InjectionFinding.Refuse(
                    "GPU-10", $"the image requires {name}='{requirement}'; {known}", [requirement, $"{driver}"],
                    "set NVIDIA_DISABLE_REQUIRE=1 when the image is known to run"));
                break;
            case null:
                _parts.Findings.Add(InjectionFinding.Warn(
                    "GPU-10", $"the image requires {name}='{requirement}', which is not known to hold; {known}", [requirement, $"{driver}"]));
                break;
        }
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
