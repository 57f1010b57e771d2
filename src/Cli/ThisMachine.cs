using Provenance.Archive.Images;
using Provenance.Runtime.Host;

namespace Provenance.Cli;

/// <summary>This machine as images know machines.</summary>
internal static class ThisMachine
{
    /// <summary>With the level of its processor as variant.</summary>
    public static Platform Platform() => Archive.Images.Platform.Of(HostProbe.Read().Cpu);
}
