using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>What launched this process as one of several ranks, and whether an MPI library can find out from it who the others are.</summary>
/// <remarks>
/// Sources: PMI-1 and PMI-2 of MPICH's Hydra and of Slurm tell by PMI_RANK, with PMI_FD or PMI_PORT; PMIx (Open MPI since 2, PRRTE, Slurm's pmix)
/// by PMIX_RANK and PMIX_NAMESPACE. A library that understands none of what is there takes itself for the only rank, and says nothing.
/// </remarks>
internal sealed class MpiLauncher
{
    private const string Pmi = "PMI", Pmix = "PMIx";

    /// <summary>Most bytes of a library that are searched for the names of variables.</summary>
    private const long MostBytes = 256 << 20;

    private readonly IReadOnlyList<string> _spoken;
    private readonly string _rank;
    private readonly int? _size;

    private MpiLauncher(IReadOnlyList<string> spoken, string rank, int? size) => (_spoken, _rank, _size) = (spoken, rank, size);

    /// <summary>Whether a launcher started this process.</summary>
    public bool IsThere => _spoken.Count > 0;

    /// <summary>A folder of the host by which the ranks of one host tell each other of themselves; null for none.</summary>
    public string? SharedFolder { get; private init; }

    private bool HasOthers => IsThere && _size != 1;

    /// <param name="environment">The caller's.</param>
    public static MpiLauncher Of(IReadOnlyList<EnvironmentEntry> environment)
    {
        string? Value(string name) => environment.FirstOrDefault(entry => entry.Name == name)?.Value;
        string[] spoken =
        [
            .. Value("PMI_RANK") is not null && (Value("PMI_FD") ?? Value("PMI_PORT")) is not null ? new[] { Pmi } : [],
            .. Value("PMIX_RANK") is not null && Value("PMIX_NAMESPACE") is not null ? new[] { Pmix } : [],
        ];
        string? size = Value("PMI_SIZE") ?? Value("OMPI_COMM_WORLD_SIZE") ?? Value("SLURM_STEP_NUM_TASKS");
        return new MpiLauncher(spoken, Value("PMI_RANK") ?? Value("PMIX_RANK") ?? "?", int.TryParse(size, out int count) ? count : null)
        {
            SharedFolder = Value("PMIX_SERVER_TMPDIR") is ['/', ..] folder && Directory.Exists(folder) ? folder : null,
        };
    }

    /// <summary>Rule MPI-2: of the MPI libraries that will be loaded.</summary>
    /// <param name="set">With what is put in.</param>
    /// <param name="plugIns">Of the host's libraries.</param>
    public IEnumerable<Finding> Check(LoadSet set, IReadOnlyList<PlugInFolder> plugIns)
    {
        foreach (var library in HasOthers ? set.Objects.Where(found => MpiFamily.All.Any(family => family.Libraries[0].Contains(found.Name))) : [])
        {
            string[] understood = Understood(library, set, plugIns);
            if (understood.Length > 0 && !understood.Any(_spoken.Contains))
            {
                yield return InjectionFinding.Refuse(
                    "MPI-2",
                    $"the launcher speaks {string.Join(" and ", _spoken)}, '{(library.IsFromHost ? library.HostPath : library.Path)}' only "
                        + $"{string.Join(" and ", understood)}: every rank would believe it is alone",
                    [.. _spoken, library.Name, .. understood],
                    "start it with the launcher of the same MPI (mpiexec.mpich, mpiexec.openmpi, srun --mpi=pmi2 or --mpi=pmix)");
            }
        }
    }

    /// <summary>Of a job that gets none of the launcher's variables although its MPI is the image's own.</summary>
    /// <param name="set">Of the job.</param>
    public IEnumerable<Finding> CheckUntold(LoadSet set)
    {
        if (HasOthers && set.Objects.FirstOrDefault(found => MpiFamily.All.Any(family => family.Libraries[0].Contains(found.Name))) is { } library)
        {
            yield return InjectionFinding.Warn(
                "MPI-2",
                $"this is rank {_rank}{(_size is { } size ? $" of {size}" : "")} of a launcher, of which '{library.Path}' of the image is not told: "
                    + "every rank would believe it is alone",
                [library.Name, .. _spoken],
                "--mpi host");
        }
    }

    /// <summary>By the variables that the library, or one that it is made of, looks at. Empty when it cannot be told.</summary>
    private static string[] Understood(ElfObject library, LoadSet set, IReadOnlyList<PlugInFolder> plugIns)
    {
        ElfObject[] parts =
        [
            library,
            .. set.Objects.Where(found => found != library
                && (found.Name.Contains("pmi", StringComparison.Ordinal) || found.Name.Contains("open-", StringComparison.Ordinal))),
            .. plugIns.SelectMany(folder => folder.Files).Where(file => Path.GetFileName(file.Path) is var name
                && (name.StartsWith("mca_pmix_", StringComparison.Ordinal) || name.StartsWith("mca_ess_pmi", StringComparison.Ordinal))),
        ];
        return
        [
            .. parts.Any(part => Has(part, "PMI_FD"u8) || Has(part, "PMI2_Init"u8)) ? new[] { Pmi } : [],
            .. parts.Any(part => Has(part, "PMIX_NAMESPACE"u8) || Has(part, "PMIx_Init"u8)) ? new[] { Pmix } : [],
        ];
    }

    private static bool Has(ElfObject part, ReadOnlySpan<byte> text)
    {
        try
        {
            var file = new FileInfo(part.HostPath);
            return file.Length <= MostBytes && File.ReadAllBytes(file.FullName).AsSpan().IndexOf(text) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
