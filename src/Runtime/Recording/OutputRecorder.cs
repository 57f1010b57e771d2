using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Both output streams of one job on their way into a record.</summary>
/// <param name="blobs">Has what is kept, and commits it.</param>
/// <param name="form">Says whether there are two.</param>
/// <param name="limitBytes">How much of each is kept; 0 for nothing.</param>
internal sealed class OutputRecorder(BlobBatch blobs, StreamForm form, long limitBytes) : IDisposable
{
    private readonly StreamRecorder _stdout = new(blobs, limitBytes);
    private readonly StreamRecorder _stderr = new(blobs, limitBytes);

    /// <summary>A <see cref="StreamTap"/>.</summary>
    public void Append(OutputStream stream, ReadOnlySpan<byte> bytes) =>
        (stream == OutputStream.Stdout ? _stdout : _stderr).Append(bytes);

    /// <summary>Looks whether what was written has the time of the run in it.</summary>
    public void AddTo(TimedResults timed)
    {
        timed.Add(form.Shared ? "stdout and stderr" : "stdout", _stdout.Head);
        timed.Add("stderr", _stderr.Head);
    }

    /// <summary>The outcome with its streams.</summary>
    public Outcome Finish(Outcome outcome) => outcome with
    {
        Stdout = _stdout.Finish(form.StdoutTerminal, form.Shared),
        Stderr = form.Shared ? null : _stderr.Finish(form.StderrTerminal, withStderr: false),
    };

    public void Dispose()
    {
        _stdout.Dispose();
        _stderr.Dispose();
    }
}
