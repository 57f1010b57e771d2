using System.Reflection;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>This program as its records name it.</summary>
public static class RecorderName
{
    public static Recorder Current { get; } = new()
    {
        Name = "prov",
        Version = typeof(RecorderName).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "0.0.0",
    };
}
