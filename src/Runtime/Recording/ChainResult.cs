using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What a pipeline that was repeated came to.</summary>
public sealed record ChainResult
{
    /// <summary>In the order in which they were repeated.</summary>
    public required IReadOnlyList<ChainStepResult> Steps { get; init; }

    /// <summary>Whether it was refused before anything ran.</summary>
    public required bool IsRefused { get; init; }

    /// <summary>Refused as a whole; else differs if one step does, reproduced if all are, and failed when that cannot be said.</summary>
    public ReplayVerdict Verdict
    {
        get
        {
            if (IsRefused)
            {
                return ReplayVerdict.Refused;
            }

            var verdicts = Steps.Select(step => step.Result?.Record.Verdict).ToList();
            if (verdicts.Contains(ReplayVerdict.Differs))
            {
                return ReplayVerdict.Differs;
            }

            return verdicts.TrueForAll(verdict => verdict == ReplayVerdict.Reproduced) ? ReplayVerdict.Reproduced : ReplayVerdict.Failed;
        }
    }

    /// <summary>As <see cref="ReplayResult.ExitCode"/>.</summary>
    public int ExitCode => ReplayResult.ExitCodeOf(Verdict);

    /// <summary>The folder of what was passed on, when it was left.</summary>
    public string? ScratchFolder { get; init; }
}
