using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Which of a job's processes came from which.</summary>
internal sealed class ProcessTree
{
    /// <summary>More processes than this have an unknown parent.</summary>
    private const int MaxProcesses = 10_000_000;

    /// <summary>Of a process of whose start nothing was told: what was told was dropped.</summary>
    private const int Untold = -1;

    /// <summary>By the process' number less one.</summary>
    private readonly List<int> _parents = [];

    /// <summary>The number of the process that was seen last.</summary>
    public int Count => _parents.Count;

    public void Add(ProcessStarted process)
    {
        if (process.Process <= _parents.Count || process.Process > MaxProcesses)
        {
            return;
        }

        while (_parents.Count < process.Process - 1)
        {
            _parents.Add(Untold);
        }

        _parents.Add(process.Parent);
    }

    /// <summary>0 where it is not known.</summary>
    public int ParentOf(int process) => process >= 1 && process <= _parents.Count ? Math.Max(0, _parents[process - 1]) : 0;

    /// <summary>Whether a process is another, or comes from it, or may do so for all that was told.</summary>
    public bool Descends(int process, int ancestor)
    {
        // A parent was seen before its child.
        while (process > ancestor)
        {
            if (process <= _parents.Count && _parents[process - 1] == Untold)
            {
                return true;
            }

            process = ParentOf(process);
        }

        return process == ancestor;
    }
}
