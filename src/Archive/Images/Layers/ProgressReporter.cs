namespace Provenance.Archive.Images.Layers;

/// <summary>Passes on how far an import is, a few times a second at most.</summary>
internal sealed class ProgressReporter(IProgress<ImportProgress>? progress)
{
    private const long IntervalMilliseconds = 100;

    private long _next;
    private long _bytes;
    private long? _total;
    private ImportPhase _phase = ImportPhase.Spooling;

    /// <summary>Entries of layers read so far.</summary>
    public Func<long> Entries { get; set; } = static () => 0;

    /// <param name="phase">What begins.</param>
    /// <param name="total">How much there is to read, in bytes; null when it is not known.</param>
    public void Begin(ImportPhase phase, long? total)
    {
        (_phase, _total) = (phase, total);
        if (phase != ImportPhase.Finishing)
        {
            _bytes = 0;
        }

        Report();
    }

    /// <param name="bytes">Read since the last call.</param>
    public void Advance(int bytes)
    {
        _bytes += bytes;
        if (Environment.TickCount64 >= _next)
        {
            Report();
        }
    }

    private void Report()
    {
        _next = Environment.TickCount64 + IntervalMilliseconds;
        progress?.Report(new ImportProgress(_phase, _bytes, _total, Entries()));
    }
}
