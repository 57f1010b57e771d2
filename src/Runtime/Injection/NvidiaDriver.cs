using System.Text;
using System.Text.RegularExpressions;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>Finds what belongs to the NVIDIA driver that is loaded: libraries, programs, sockets and device files.</summary>
/// <remarks>
/// Source: libnvidia-container, src/nvc_info.c: libraries are those of the dynamic linker's cache whose names are on a list and whose
/// files end with the version of the kernel module. Capabilities are those of NVIDIA_DRIVER_CAPABILITIES, by default utility and compute.
/// </remarks>
/// <param name="root">Below which the host's files are; empty for the host's root.</param>
/// <param name="host">Looks libraries up below it.</param>
/// <param name="cache">The dynamic linker's, of the same root.</param>
internal sealed partial class NvidiaDriver(string root, LibrarySearch host, LoaderCache cache)
{
    private const string Reason = "gpu";
    private const int MostBytes = 4096;

    private static readonly Dictionary<string, string[]> LibrariesByCapability = new(StringComparer.Ordinal)
    {
        ["utility"] = ["libnvidia-ml", "libnvidia-cfg", "libnvidia-nscq", "libnvidia-sandboxutils"],
        ["compute"] =
        [
            "libcuda", "libcudadebugger", "libnvidia-opencl", "libnvidia-gpucomp", "libnvidia-ptxjitcompiler", "libnvidia-fatbinaryloader",
            "libnvidia-allocator", "libnvidia-compiler", "libnvidia-pkcs11", "libnvidia-pkcs11-openssl3", "libnvidia-nvvm", "libnvidia-nvvm70",
            "libnvidia-tileiras",
        ],
        ["video"] = ["libvdpau_nvidia", "libnvidia-encode", "libnvidia-opticalflow", "libnvcuvid"],
        ["graphics"] =
        [
            "libnvidia-eglcore", "libnvidia-glcore", "libnvidia-tls", "libnvidia-glsi", "libnvidia-fbc", "libnvidia-ifr", "libnvidia-rtcore",
            "libnvoptix", "libGLX_nvidia", "libEGL_nvidia", "libGLESv2_nvidia", "libGLESv1_CM_nvidia", "libnvidia-glvkspirv", "libnvidia-cbl",
            "libnvidia-egl-gbm", "libnvidia-egl-wayland",
        ],
        ["ngx"] = ["libnvidia-ngx"],
    };

    private static readonly Dictionary<string, string[]> ProgramsByCapability = new(StringComparer.Ordinal)
    {
        ["utility"] = ["nvidia-smi", "nvidia-debugdump", "nvidia-persistenced"],
        ["compute"] = ["nvidia-cuda-mps-control", "nvidia-cuda-mps-server"],
    };

    private static readonly string[] Sockets = ["/run/nvidia-persistenced/socket", "/run/nvidia-fabricmanager/socket", "/tmp/nvidia-mps"];

    /// <summary>Of the kernel module that is loaded; null for none.</summary>
    public static string? ReadVersion(string root)
    {
        try
        {
            using var file = File.OpenRead($"{root}/proc/driver/nvidia/version");
            byte[] bytes = new byte[MostBytes];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var match = VersionLine().Match(Encoding.UTF8.GetString(bytes, 0, length));
            return match.Success ? match.Groups["version"].Value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="parts">Takes what is found.</param>
    /// <param name="version">Of the kernel module.</param>
    /// <param name="capabilities">As NVIDIA_DRIVER_CAPABILITIES has them; null for the default.</param>
    /// <param name="without">Libraries that the image has its own of.</param>
    public void Gather(DeviceParts parts, string version, string? capabilities, IReadOnlyList<string> without)
    {
        string[] wanted = Capabilities(capabilities);
        foreach (string stem in Of(LibrariesByCapability, wanted).Except(without))
        {
            AddLibrary(parts, stem, version);
        }

        foreach (string program in Of(ProgramsByCapability, wanted))
        {
            if (((string[])["/usr/bin", "/usr/local/bin", "/opt/bin"]).Select(folder => $"{root}{folder}/{program}").FirstOrDefault(File.Exists) is { } path)
            {
                parts.Files.Add(new PlannedFile
                {
                    HostPath = path,
                    ContainerPath = $"{InjectionPlanner.ProgramFolder}/{program}",
                    Reason = Reason,
                    DriverVersion = version,
                });
            }
        }

        foreach (string socket in Sockets.Where(path => Path.Exists(root + path)))
        {
            parts.AddPlace(Directory.Exists(root + socket) ? "folder" : "socket", root + socket, socket, readOnly: false, Reason);
        }

        AddDevices(parts, withDisplay: wanted.Contains("graphics"));
    }

    /// <summary>Versions of libcuda that the host has, that of the module or another.</summary>
    public IReadOnlyList<string> CudaVersions() =>
        [.. FilesOf("libcuda").Select(VersionOf).OfType<string>().Distinct()];

    /// <summary>That a file of libcuda has in its name; null for none.</summary>
    public static string? VersionOf(string path) => CudaFile().Match(path) is { Success: true } match ? match.Groups["version"].Value : null;

    private void AddLibrary(DeviceParts parts, string stem, string version)
    {
        string? file = FilesOf(stem).FirstOrDefault(path => path.EndsWith($".so.{version}", StringComparison.Ordinal));
        if (file is null || ElfObject.TryRead(file, file, isFromHost: true) is not { } library)
        {
            return;
        }

        parts.DriverVersions[file] = version;
        parts.Libraries.Add(new HostLibrary
        {
            Object = library,
            Reason = Reason,
            Names = [.. new[] { library.Name, Path.GetFileName(file) }.Distinct()],
            // Without it nothing of CUDA works; what else is missing only who asks for it misses.
            IsOptional = stem != "libcuda",
        });
        if (stem is "libcuda" or "libnvidia-opticalflow")
        {
            // Programs that are built with the driver's headers open them by this name.
            parts.AddLink($"{InjectionPlanner.LibraryFolder}/{stem}.so", library.Name, Reason);
        }
    }

    /// <summary>The files behind every name of a library that the cache has, and behind its place in the default folders.</summary>
    private IEnumerable<string> FilesOf(string stem) => cache.Names
        .Where(name => name.StartsWith(stem + ".so", StringComparison.Ordinal))
        .SelectMany(cache.Find)
        .Select(host.Read).OfType<ElfObject>()
        .Where(found => found.File.Bits == 64)
        .Select(found => found.HostPath).Distinct();

    private void AddDevices(DeviceParts parts, bool withDisplay)
    {
        string[] control = ["/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", .. withDisplay ? ["/dev/nvidia-modeset"] : Array.Empty<string>()];
        string[] all =
        [
            .. control.Where(path => Path.Exists(root + path)),
            .. Names("/dev", DeviceName()),
            .. Names("/dev/nvidia-caps", CapabilityName()),
        ];
        foreach (string device in all)
        {
            parts.AddPlace("device", root + device, device, readOnly: false, Reason);
        }
    }

    private IEnumerable<string> Names(string folder, Regex name) => Directory.Exists(root + folder)
        ? Directory.EnumerateFileSystemEntries(root + folder).Select(path => Path.GetFileName(path)!).Where(entry => name.IsMatch(entry))
            .Order(StringComparer.Ordinal).Select(entry => $"{folder}/{entry}")
        : [];

    private static string[] Capabilities(string? text) => text switch
    {
        null or "" => ["utility", "compute"],
        _ when text.Split(',').Contains("all") => [.. LibrariesByCapability.Keys],
        _ => [.. text.Split(',').Select(word => word.Trim() == "display" ? "graphics" : word.Trim()).Distinct()],
    };

    private static IEnumerable<string> Of(Dictionary<string, string[]> byCapability, string[] wanted) =>
        wanted.SelectMany(capability => byCapability.GetValueOrDefault(capability) ?? []);

    // "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat …", "… Open Kernel Module for x86_64  550.54.14  Release …"
    [GeneratedRegex(@"\ANVRM version: .*?\s(?<version>\d{3,4}\.\d+(?:\.\d+)?)\s")]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"/libcuda\.so\.(?<version>\d{3,4}\.\d+(?:\.\d+)?)\z")]
    private static partial Regex CudaFile();

    [GeneratedRegex(@"\Anvidia\d{1,3}\z")]
    private static partial Regex DeviceName();

    [GeneratedRegex(@"\Anvidia-cap\d{1,5}\z")]
    private static partial Regex CapabilityName();
}
