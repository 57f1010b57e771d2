namespace Provenance.Archive.Tests.Exchange;

/// <summary>Stops reading once so many bytes are read.</summary>
internal sealed class Stop(long after) : IProgress<(long Done, long Total)>, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public void Report((long Done, long Total) value)
    {
        if (value.Done > after)
        {
            _source.Cancel();
        }
    }

    public void Dispose() => _source.Dispose();
}
