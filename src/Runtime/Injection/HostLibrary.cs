namespace Provenance.Runtime.Injection;

/// <summary>A library of the host that is to be put into the container.</summary>
internal sealed record HostLibrary
{
    public required ElfObject Object { get; init; }

    /// <summary>As <see cref="Archive.Records.InjectedFile.Reason"/> has it.</summary>
    public required string Reason { get; init; }

    /// <summary>What the container's files may ask for it by: its SONAME, and names of the same interface.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Absolute path in the container; null for where the dynamic linker finds it.</summary>
    public string? Destination { get; init; }

    /// <summary>Of a driver's many libraries: that it cannot be loaded matters only to a job that asks for it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>It stands in a folder that another library looks through; the folder is shown, not the file.</summary>
    public bool IsPlugIn { get; init; }
}
