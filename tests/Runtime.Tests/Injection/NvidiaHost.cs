namespace Provenance.Runtime.Tests.Injection;

/// <summary>A folder that looks like a host with an NVIDIA driver: the kernel module's version, libraries that gcc makes, device files.</summary>
internal static class NvidiaHost
{
    public const string Version = "535.104.05";

    public static string Fixture => Path.Combine(AppContext.BaseDirectory, "Injection", "Fixtures", "nvidia-535.yaml");

    /// <param name="image">Whose host it is.</param>
    /// <param name="module">Version of the kernel module.</param>
    public static void Install(CompiledImage image, string module = Version)
    {
        image.Write("host/proc/driver/nvidia/version",
            $"NVRM version: NVIDIA UNIX x86_64 Kernel Module  {module}  Sat Aug 19 01:15:15 UTC 2023\nGCC version:  gcc version 12.2.0\n");
        image.Library($"host/usr/lib64/libcuda.so.{Version}", "libcuda.so.1", "int cuInit(int f){return 0;}");
        image.Library($"host/usr/lib64/libnvidia-ml.so.{Version}", "libnvidia-ml.so.1", "int nvmlInit(void){return 0;}");
        image.Library("host/usr/lib64/libnvidia-ml.so.470.1", "libnvidia-ml.so.1", "int nvmlInit(void){return 0;}");
        image.Library($"host/usr/lib64/libGLX_nvidia.so.{Version}", "libGLX_nvidia.so.0", "int glx(void){return 0;}");
        foreach (string name in (string[])["libcuda.so.1", "libcuda.so", "libnvidia-ml.so.1", "libGLX_nvidia.so.0"])
            File.CreateSymbolicLink(image.At($"host/usr/lib64/{name}"), $"{name[..(name.IndexOf(".so", StringComparison.Ordinal) + 3)]}.{Version}");
        Directory.CreateDirectory(image.At("host/etc"));
        File.WriteAllBytes(image.At("host/etc/ld.so.cache"), CacheBytes.Of(
            ("libcuda.so.1", "/usr/lib64/libcuda.so.1"), ("libcuda.so", "/usr/lib64/libcuda.so"), ("libnvidia-ml.so.1", "/usr/lib64/libnvidia-ml.so.470.1"),
            ("libnvidia-ml.so.1", "/usr/lib64/libnvidia-ml.so.1"), ("libGLX_nvidia.so.0", "/usr/lib64/libGLX_nvidia.so.0")));
        image.Write("host/usr/bin/nvidia-smi", "#!/bin/sh\n");
        foreach (string device in (string[])["nvidiactl", "nvidia-uvm", "nvidia0", "nvidia1", "nvidiax", "nvidia-caps/nvidia-cap1"])
            image.Write($"host/dev/{device}", "");
    }

    /// <summary>One that the PCI bus has.</summary>
    public static void AddGpu(CompiledImage image, string model, string device)
    {
        const string Address = "0000:01:00.0";
        image.Write($"host/sys/bus/pci/devices/{Address}/class", "0x030200\n");
        image.Write($"host/sys/bus/pci/devices/{Address}/vendor", "0x10de\n");
        image.Write($"host/sys/bus/pci/devices/{Address}/device", $"0x{device}\n");
        image.Write($"host/proc/driver/nvidia/gpus/{Address}/information", $"Model: \t\t {model}\nIRQ:   \t\t 30\n");
    }
}
