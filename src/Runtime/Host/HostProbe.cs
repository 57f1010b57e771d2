using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>Takes the profile of this machine. Starts no process and changes nothing; what cannot be read is left unknown.</summary>
public static class HostProbe
{
    public static HostProfile Read() => throw new NotSupportedException("host probe: not built yet");
}
