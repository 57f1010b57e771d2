namespace Provenance.Runtime.Recording;

/// <summary>What the hidden command <c>internal-recorder</c> does: is told of a job on standard input, and answers on standard output.</summary>
public static class RecorderProcess
{
    /// <returns>The process' exit code; nobody waits for it but to reap it.</returns>
    public static int Run(TimeProvider clock)
    {
        _ = clock;
        throw new RecordingException("recorder: not built yet");
    }
}
