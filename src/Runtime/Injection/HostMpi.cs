using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>Finds the host's MPI that can stand for the one a job was built with.</summary>
internal sealed class HostMpi(LibrarySearch image, LibrarySearch host, LoadSet before)
{
    /// <summary>Where module systems say that an MPI is.</summary>
    private static readonly string[] Roots = ["MPI_HOME", "MPI_ROOT", "MPICH_DIR", "CRAY_MPICH_DIR", "I_MPI_ROOT", "OPENMPI_ROOT", "OMPI_DIR"];

    /// <summary>Variables by which a launcher tells a process which rank it is and how to reach the others.</summary>
    private static readonly string[] LauncherPrefixes =
    [
        "PMI_", "PMIX_", "PMI2_", "SLURM_", "OMPI_", "PRTE_", "MPIR_", "MPICH_", "MPI_LOCAL", "HYDRA_", "HYDI_", "I_MPI_", "UCX_", "FI_", "PALS_",
        "FLUX_", "GASNET_",
    ];

    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<HostLibrary> Find()
    {
        var asked = Asked();
        if (asked.Length == 0)
        {
            _findings.Add(InjectionFinding.Refuse(
                "MPI-3",
                "neither the job's programs nor the image's library folders have an MPI whose interface is known",
                [],
                "'--inject FILE' puts a single library in"));
            return [];
        }

        var found = new List<HostLibrary>();
        foreach (var (family, names, by) in asked)
        {
            if (names.SelectMany(name => host.FindAll(name, by)).FirstOrDefault(family.Has) is { } library)
            {
                found.Add(new HostLibrary { Object = library, Reason = "mpi", Names = [.. names.Append(library.Name).Distinct()] });
            }
        }

        if (found.Count == 0)
        {
            _findings.Add(NoneOf(asked[0].Family, asked[0].Names, asked[0].By));
        }

        return found;
    }

    /// <summary>Those of the caller's variables that an MPI library reads, which a container else does not have.</summary>
    public static IEnumerable<EnvironmentEntry> LauncherVariables(IEnumerable<EnvironmentEntry> callers) =>
        callers.Where(entry => LauncherPrefixes.Any(prefix => entry.Name.StartsWith(prefix, StringComparison.Ordinal)));

    /// <summary>Folders of libraries that the caller's environment points to, before those of the system.</summary>
    public static IReadOnlyList<string> Folders(IReadOnlyList<EnvironmentEntry> callers) =>
    [
        .. callers.Where(entry => entry.Name == "LD_LIBRARY_PATH").SelectMany(entry => entry.Value.Split(':', StringSplitOptions.RemoveEmptyEntries)),
        .. callers.Where(entry => Roots.Contains(entry.Name) && entry.Value.StartsWith('/'))
            .SelectMany(entry => (string[])[$"{entry.Value}/lib", $"{entry.Value}/lib64", $"{entry.Value}/lib/release"]),
    ];

    /// <summary>What the programs ask for; else what the image has, for a program that opens it later, as Python does.</summary>
    private (MpiFamily Family, IReadOnlyList<string> Names, ElfObject By)[] Asked()
    {
        var asked =
            from family in MpiFamily.All
            from names in family.Libraries
            from link in before.Links
            where names.Contains(link.Name)
            select (family, names, link.By);
        var all = asked.DistinctBy(found => found.names[0]).ToArray();
        var first = before.Objects.FirstOrDefault(program => !program.File.IsStatic) ?? (before.Objects.Count > 0 ? before.Objects[0] : null);
        if (all.Length > 0 || first is null)
        {
            return all;
        }

        return
        [
            .. from family in MpiFamily.All
               from names in family.Libraries
               where names.Any(name => image.Find(name, first) is not null)
               select (family, names, first),
        ];
    }

    private Finding NoneOf(MpiFamily family, IReadOnlyList<string> names, ElfObject asker)
    {
        string[] others =
        [
            .. from other in MpiFamily.All
               let library = other.Libraries[0].SelectMany(name => host.FindAll(name, asker)).FirstOrDefault(other.Has)
               where library is not null
               select $"{other.Name} ('{library.HostPath}')",
        ];
        string here = others.Length == 0 ? "no MPI that can be found" : string.Join(" and ", others);
        return InjectionFinding.Refuse(
            "MPI-3",
            $"'{asker.Path}' is built with the {family.Name} ({string.Join(" or ", names)}); this host has {here}, which does not have that interface",
            [.. names, .. others],
            "load the module of an MPI with that interface, or run the job with the image's own");
    }
}
