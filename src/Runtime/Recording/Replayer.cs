using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Runs a recorded job again, never over the originals, and compares what comes out.</summary>
public sealed class Replayer(StoreLayout archive, TimeProvider clock)
{
    /// <exception cref="Archive.ArchiveException">The run is not known, or does not verify.</exception>
    /// <exception cref="RuntimeException">It cannot be run, for a reason that is not the record's.</exception>
    public ReplayResult Replay(ReplayRequest request)
    {
        _ = (archive, clock);
        throw new RecordingException($"replay '{request.Run}': not built yet");
    }

    /// <summary>Assesses without running.</summary>
    /// <param name="run">As <see cref="ReplayRequest.Run"/>.</param>
    /// <param name="host">Another machine; null for this one.</param>
    /// <param name="strict">A warning refuses too.</param>
    /// <exception cref="Archive.ArchiveException">The run is not known, or does not verify.</exception>
    public Assessment Check(string run, HostProfile? host = null, bool strict = false)
    {
        _ = (archive, host, strict);
        throw new RecordingException($"check '{run}': not built yet");
    }
}
