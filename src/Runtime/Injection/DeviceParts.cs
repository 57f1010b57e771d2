using Provenance.Archive.Records;

namespace Provenance.Runtime.Injection;

/// <summary>What a device brings into a container: gathered from specifications and drivers, placed by the planner.</summary>
internal sealed class DeviceParts
{
    public List<HostLibrary> Libraries { get; } = [];

    public List<PlannedFile> Files { get; } = [];

    public List<InjectedPlace> Places { get; } = [];

    /// <summary>Folders in the container that the dynamic linker must be told of.</summary>
    public List<string> LibraryFolders { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>Version of the driver by the path of its file on the host.</summary>
    public Dictionary<string, string> DriverVersions { get; } = new(StringComparer.Ordinal);

    public void AddPlace(string kind, string hostPath, string containerPath, bool readOnly, string reason)
    {
        if (Places.TrueForAll(place => place.ContainerPath != containerPath))
        {
            Places.Add(new InjectedPlace { Kind = kind, HostPath = hostPath, ContainerPath = containerPath, ReadOnly = readOnly, Reason = reason });
        }
    }

    public void AddLink(string containerPath, string target, string reason)
    {
        if (Places.TrueForAll(place => place.ContainerPath != containerPath))
        {
            Places.Add(new InjectedPlace { Kind = "link", ContainerPath = containerPath, Target = target, ReadOnly = true, Reason = reason });
        }
    }
}
