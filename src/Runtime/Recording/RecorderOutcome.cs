using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>What the recorder is told after the job has ended.</summary>
internal sealed record RecorderOutcome
{
    /// <summary>Without the streams, which the recorder has seen itself.</summary>
    public required Outcome Outcome { get; init; }

    public required SandboxReport Sandbox { get; init; }

    /// <summary>Null when the job saw this processor.</summary>
    public CpuPin? Pinning { get; init; }

    /// <summary>Why the job's calls were not observed, a plain sentence; null when they were, or that was not asked for.</summary>
    public string? NotObserved { get; init; }

    /// <summary>Set when our output was closed before the job had ended.</summary>
    public bool ReaderLeft { get; init; }

    /// <summary>Why our output, and with it the job's, could not be written; null when it was.</summary>
    public string? OutputLost { get; init; }

    /// <summary>Why not all is known that the job read from its standard input, which is passed on; null when it is.</summary>
    public string? InputLost { get; init; }

    /// <summary>Processes of the job's control group that the kernel ended for want of memory meanwhile.</summary>
    public long MemoryKills { get; init; }

    /// <summary>Of that group; null for none, or where the kernel does not tell.</summary>
    public long? MemoryLimitBytes { get; init; }

    public static RecorderOutcome Of(ContainerResult result, bool readerLeft) => new()
    {
        Outcome = new Outcome
        {
            ExitCode = result.Status.ExitCode,
            Signal = result.Status.Signal,
            StartedAt = result.StartedAt,
            EndedAt = result.EndedAt,
            WallMilliseconds = (long)result.Elapsed.TotalMilliseconds,
            UserCpuMilliseconds = (long)result.UserTime.TotalMilliseconds,
            SystemCpuMilliseconds = (long)result.SystemTime.TotalMilliseconds,
            PeakMemoryBytes = result.PeakMemoryBytes,
            IllegalInstruction = result.Illegal,
        },
        Sandbox = new SandboxReport
        {
            PidNamespace = result.PidNamespace,
            Root = result.Root switch
            {
                RootKind.Overlay => "overlay",
                RootKind.Copy => "copy",
                RootKind.Host => "host",
                _ => "read-only",
            },
            Notes = result.Notes,
        },
        ReaderLeft = readerLeft,
        NotObserved = result.NotObserved,
    };
}
