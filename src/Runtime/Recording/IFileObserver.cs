using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording;

/// <summary>Learns what one job did to files: by its calls, or by comparing folders.</summary>
internal interface IFileObserver : IDisposable
{
    /// <summary>What must be done before the job may start.</summary>
    void Begin();

    /// <summary>What is done beside it, on a thread of its own; it must have returned before <see cref="End"/>.</summary>
    void WorkBeside(CancellationToken cancellation);

    /// <summary>Something the job did, in order.</summary>
    void Observe(ObservedEvent observed);

    /// <summary>The job has ended. What it left is read now.</summary>
    /// <param name="ended">How it went.</param>
    /// <param name="timed">Is shown the results; null for nobody.</param>
    ObservedFiles End(RecorderOutcome ended, TimedResults? timed = null);
}
