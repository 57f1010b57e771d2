using Provenance.Archive.Records;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>Hosts from files.</summary>
internal static class Profiles
{
    internal static HostProfile Host(string name) => HostProfileJson.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Compatibility", "Hosts", $"{name}.json")));
}
