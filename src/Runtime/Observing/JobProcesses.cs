namespace Provenance.Runtime.Observing;

/// <summary>Which process a thread that calls belongs to, and which process that came from.</summary>
/// <remarks>
/// The kernel names a thread by its number, which another may get once it is gone. So what is remembered is believed for
/// a moment only, in which numbers do not come round, and then held against the time when the thread was started.
/// </remarks>
/// <param name="emit">Told of each process that was not seen before.</param>
/// <param name="outside">Process 1 of the container and this process, with which the job's descent ends.</param>
internal sealed class JobProcesses(Action<ObservedEvent> emit, params int[] outside)
{
    private const long BelievedMilliseconds = 200;
    private const int MostRemembered = 4096, MostAncestors = 64;

    private readonly Dictionary<int, Thread> _threads = [];
    private readonly Queue<int> _order = new();
    private int _count;

    /// <summary>The process of a thread; null when it is gone.</summary>
    public JobProcess? Of(int task) => Of(task, MostAncestors);

    private JobProcess? Of(int task, int ancestors)
    {
        long now = Environment.TickCount64;
        if (_threads.TryGetValue(task, out var thread) && now - thread.CheckedAt < BelievedMilliseconds)
            return thread.Process;
        if (TaskStatus.Read(task) is not { } status)
            return null;
        if (thread is not null && thread.StartTime == status.StartTime)
        {
            thread.CheckedAt = now;
            return thread.Process;
        }
        if (TaskStatus.ProcessOf(task) is not { } leader)
            return null;
        var process = leader == task ? Start(task, status, ancestors) : Of(leader, ancestors);
        if (process is not null)
            Remember(task, new Thread(process, status.StartTime) { CheckedAt = now });
        return process;
    }

    private JobProcess Start(int task, TaskStatus status, int ancestors)
    {
        int parent = 0;
        if (_count > 0 && ancestors > 0)
            parent = NumberOf(status.Parent, task, ancestors) ?? NumberOf(status.Session, task, ancestors) ?? 0;
        var process = new JobProcess(++_count);
        emit(new ProcessStarted { Process = process.Number, Parent = parent });
        return process;
    }

    /// <summary>Null where the descent ends: whoever lost its parent is told by its session, which daemons begin.</summary>
    private int? NumberOf(int ancestor, int task, int ancestors)
    {
        if (ancestor <= 1 || ancestor == task || outside.Contains(ancestor))
            return null;
        // A session is older than this process, and may be one from outside.
        return _threads.TryGetValue(ancestor, out var known) && TaskStatus.Read(ancestor) is null
            ? known.Process.Number
            : IsInside(ancestor) ? Of(ancestor, ancestors - 1)?.Number : null;
    }

    /// <summary>Whether a process comes from the job's first one.</summary>
    private bool IsInside(int process)
    {
        for (int i = 0; i < MostAncestors && process > 1; i++)
        {
            if (outside.Length > 0 && process == outside[0])
                return true;
            if (_threads.ContainsKey(process))
                return true;
            if (TaskStatus.Read(process) is not { } status)
                return false;
            process = status.Parent;
        }
        return false;
    }

    private void Remember(int task, Thread thread)
    {
        if (_threads.TryAdd(task, thread))
            _order.Enqueue(task);
        else
            _threads[task] = thread;
        for (int i = 0; i < 2 && _threads.Count > MostRemembered; i++)
            ForgetOldest();
    }

    private void ForgetOldest()
    {
        int oldest = _order.Dequeue();
        if (TaskStatus.Read(oldest) is { } status && status.StartTime == _threads[oldest].StartTime)
            _order.Enqueue(oldest);
        else
            _threads.Remove(oldest);
    }

    private sealed record Thread(JobProcess Process, long StartTime)
    {
        /// <summary>In milliseconds of the machine's own count.</summary>
        public long CheckedAt { get; set; }
    }
}
