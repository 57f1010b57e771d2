using Provenance.Archive.Content;

namespace Provenance.Runtime.Recording;

/// <summary>Runs a job and has it recorded by a process of its own, whose death, slowness or full disk the job never feels.</summary>
public sealed class JobRecorder(RecorderCommand recorder, StoreLayout archive, TimeProvider clock)
{
    /// <exception cref="Sandbox.CommandException">The program is not there or cannot be executed: nothing is recorded.</exception>
    /// <exception cref="RuntimeException">The container cannot be made: nothing is recorded.</exception>
    public RecordedJobResult Run(JobPlan plan, RecordingOptions options)
    {
        _ = (recorder, archive, clock, options);
        throw new RecordingException($"record '{plan.Image?.Reference}': not built yet");
    }
}
