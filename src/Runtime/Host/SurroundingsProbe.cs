using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>What we run inside of: a container, a batch job, a set of environment modules.</summary>
internal sealed class SurroundingsProbe(MachineFiles files, Func<string, string?> environment)
{
    /// <summary>The variables that runtimes set for what they run.</summary>
    private static readonly (string Variable, string Runtime)[] RuntimeVariables =
    [
        ("APPTAINER_NAME", "apptainer"),
        ("SINGULARITY_NAME", "singularity"),
        ("CH_RUNNING", "charliecloud"),
        ("SHIFTER_RUNTIME", "shifter"),
        ("ENROOT_ROOTFS", "enroot"),
        ("KUBERNETES_SERVICE_HOST", "kubernetes"),
    ];

    internal string? ReadContainerRuntime()
    {
        foreach (var (variable, runtime) in RuntimeVariables)
        {
            if (Value(variable) is not null)
                return runtime;
        }

        if (files.ReadText("/run/.containerenv") is not null)
            return "podman";

        if (files.Exists("/.dockerenv"))
            return "docker";

        // systemd's container interface: the manager names itself in $container, and to others in a file.
        return Value("container") ?? files.ReadText("/run/host/container-manager") ?? files.ReadText("/run/systemd/container");
    }

    /// <summary>Source: srun(1) and sbatch(1), output environment variables.</summary>
    internal SchedulerProfile? ReadScheduler()
    {
        if (Value("SLURM_JOB_ID") is not { } job)
            return null;

        return new()
        {
            Kind = "slurm",
            JobId = job,
            StepId = Value("SLURM_STEP_ID"),
            Cluster = Value("SLURM_CLUSTER_NAME"),
            Partition = Value("SLURM_JOB_PARTITION"),
            NodeList = Value("SLURM_STEP_NODELIST") ?? Value("SLURM_JOB_NODELIST"),
            NodeCount = Number("SLURM_STEP_NUM_NODES") ?? Number("SLURM_JOB_NUM_NODES"),
            TaskCount = Number("SLURM_STEP_NUM_TASKS") ?? Number("SLURM_NTASKS"),
            TaskRank = Number("SLURM_PROCID"),
        };
    }

    /// <summary>Of the launcher that started this process: PMI of MPICH's Hydra, Open MPI, and Slurm's srun, which sets a rank for each.</summary>
    internal int? ReadRanks() => Number("PMI_SIZE") ?? Number("OMPI_COMM_WORLD_SIZE")
        ?? (Value("SLURM_STEP_ID") is not null && Value("SLURM_PROCID") is not null ? Number("SLURM_STEP_NUM_TASKS") : null);

    /// <summary>Lmod and Environment Modules both keep this list.</summary>
    internal IReadOnlyList<string> ReadModules() =>
        (Value("LOADEDMODULES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    private string? Value(string variable) => environment(variable) is { Length: > 0 } value ? value : null;

    private int? Number(string variable) => int.TryParse(Value(variable), out int number) ? number : null;
}
