using Provenance.Archive.Records;

namespace Provenance.Runtime.Binaries;

/// <summary>Describes a file of the host that is put into a container, so that a later host can be asked for its like.</summary>
public static class InjectedFileProbe
{
    /// <remarks>The reason is one of those that <see cref="InjectedFile.Reason"/> lists.</remarks>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InjectedFile Read(string hostPath, string containerPath, string reason) =>
        throw new NotSupportedException("injected file: not built yet");
}
