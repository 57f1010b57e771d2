using Provenance.Runtime.Observing;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Finds files that several processes of a job opened for writing while they ran side by side: which of them was first is chance.</summary>
/// <remarks>
/// That two ran side by side is known when the later one to open the file was there before the earlier one opened it. Of processes that
/// begin and end between two calls it is not; and a process and those it started are taken to wait for each other.
/// </remarks>
/// <param name="processes">Those seen so far.</param>
internal sealed class SharedWrites(ProcessTree processes)
{
    private const int MaxFiles = 100_000;

    private readonly Dictionary<string, Opening> _first = new(StringComparer.Ordinal);
    private readonly HashSet<string> _shared = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Paths => _shared;

    /// <param name="path">As it is recorded.</param>
    /// <param name="call">Any call.</param>
    public void Add(string path, FileTouched call)
    {
        if ((call.Access & FileAccess.Write) == 0 || call.Process < 1)
        {
            return;
        }

        if (!_first.TryGetValue(path, out var first))
        {
            if (_first.Count < MaxFiles)
            {
                _first.Add(path, new Opening(call.Process, processes.Count));
            }
        }
        else if (call.Process != first.Process && call.Process <= first.Standing
            && !processes.Descends(call.Process, first.Process) && !processes.Descends(first.Process, call.Process))
        {
            _shared.Add(path);
        }
    }

    /// <summary>A process that opened a file for writing, and how many had been seen by then.</summary>
    private readonly record struct Opening(int Process, int Standing);
}
