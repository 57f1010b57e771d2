using Provenance.Archive.Images;
using Provenance.Runtime.Host;

namespace Provenance.Cli;

/// <summary>This machine as images know machines.</summary>
internal static class ThisMachine
{
    /// <summary>With the level of its processor as variant.</summary>
    public static Platform Platform()
    {
        var cpu = HostProbe.Read().Cpu;
        return new Platform { Os = "linux", Architecture = cpu.Architecture, Variant = cpu.Architecture == "amd64" ? cpu.Level : null };
    }
}
