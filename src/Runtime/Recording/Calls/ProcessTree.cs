using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Which of a job's processes came from which.</summary>
internal sealed class ProcessTree
{
    /// <summary>More processes than this have an unknown parent.</summary>
    private const int MaxProcesses = 10_000_000;

    /// <summary>By the process' number less one.</summary>
    private readonly List<int> _parents = [];

    /// <summary>The number of the process that was seen last.</summary>
    public int Count => _parents.Count;

    public void Add(ProcessStarted process)
    {
        if (process.Process == _parents.Count + 1 && _parents.Count < MaxProcesses)
        {
            _parents.Add(process.Parent);
        }
    }

    /// <summary>0 where it is not known.</summary>
    public int ParentOf(int process) => process >= 1 && process <= _parents.Count ? _parents[process - 1] : 0;

    /// <summary>Whether a process is another, or comes from it.</summary>
    public bool Descends(int process, int ancestor)
    {
        // A parent was seen before its child.
        while (process > ancestor)
        {
            process = ParentOf(process);
        }

        return process == ancestor;
    }
}
