namespace Provenance.Archive.Records;

/// <summary>What of the host the user asked to be put into the container; a replay asks for the same there.</summary>
public sealed record InjectionOptions
{
    /// <summary>Null for none.</summary>
    public IReadOnlyList<InjectedSource>? Files { get; init; }

    /// <summary><c>host</c>: the image's MPI was to be replaced by the host's; null when it was not.</summary>
    public string? Mpi { get; init; }

    /// <summary>CDI names, such as <c>nvidia.com/gpu=0</c>; null for none.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Folders in which specifications were looked for; null for the usual ones.</summary>
    public IReadOnlyList<string>? CdiFolders { get; init; }

    /// <summary>Null when no GPU was asked for by itself.</summary>
    public bool? Gpu { get; init; }

    /// <summary>Below which the driver's files were looked for; null for /.</summary>
    public string? DriverRoot { get; init; }
}
