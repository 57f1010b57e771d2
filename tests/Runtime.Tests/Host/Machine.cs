using Provenance.Archive.Records;
using Provenance.Runtime.Host;

namespace Provenance.Runtime.Tests.Host;

/// <summary>Reads a captured machine as if it were this one.</summary>
internal static class Machine
{
    internal static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Host", "Machines", name);

    internal static HostSources Sources(string name, string architecture) => new()
    {
        Root = Folder(name),
        Architecture = architecture,
        Environment = _ => null,
        PageBytes = 4096,
    };

    /// <summary>A machine of which only files were captured.</summary>
    internal static HostProfile Read(string name)
    {
        string cpuInfo = File.ReadAllText(Path.Combine(Folder(name), "proc/cpuinfo"));
        return HostProbe.Read(Sources(name, cpuInfo.Contains("vendor_id", StringComparison.Ordinal) ? "amd64" : "arm64"));
    }

    /// <summary>A processor of which only CPUID was recorded.</summary>
    internal static HostProfile ReadCpuid(string name, ulong? xcr0) => HostProbe.Read(new()
    {
        Root = Folder("none"),
        Architecture = "amd64",
        Cpuid = CpuidTable.Parse(File.ReadAllText(Path.Combine(Folder("cpuid"), name))).Read,
        Xcr0 = xcr0,
        Environment = _ => null,
        PageBytes = 4096,
    });
}
