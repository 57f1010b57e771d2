using System.Globalization;
using System.Runtime.InteropServices;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Holds the listener of a job's filter, and answers each call on a thread of its own, for as long as the job lives.</summary>
/// <remarks>
/// Whoever closes the listener makes every observed call of the job fail. So it is the process that keeps the job which
/// holds it, never the one that keeps the record; and whatever goes wrong in reading a call, the call itself goes on.
/// </remarks>
/// <param name="emit">Told of each event, on that thread.</param>
/// <param name="isPrivileged">Whether the job is root in its container.</param>
/// <param name="nests">Whether it may make containers of its own.</param>
internal sealed unsafe class CallObserver(Action<ObservedEvent> emit, bool isPrivileged, bool nests) : IDisposable
{
    private const int MostLosses = 100;

    // Longer than an event may wait for room.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _losses = new(StringComparer.Ordinal);
    private SeccompListener? _listener;
    private PathResolver? _paths;
    private CallReader? _reader;
    private bool _tried;
    private bool _left;
    private Thread? _thread;
    private int _stopRead = -1;
    private int _stopWrite = -1;

    /// <summary>Why calls are not observed after all; null while they are.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Takes calls that are not ours to read, and answers them itself; null for none.</summary>
    public Func<SeccompNotice, SeccompListener, bool>? Others { get; set; }

    /// <summary>Why no filter could be made to tell of calls here, as far as that can be asked beforehand; null for no reason.</summary>
    public static string? FindObstacle()
    {
        uint action = SeccompFilter.SECCOMP_RET_USER_NOTIF;
        nint result = Libc.syscall(
            Syscall.Seccomp.Number, Processes.SECCOMP_GET_ACTION_AVAIL, 0, (nint)(&action), 0, 0, 0);
        return result == 0 ? null : SyscallException.FromLastError("seccomp", "SECCOMP_RET_USER_NOTIF").Message;
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="listener">A descriptor, owned from now on.</param>
    /// <param name="first">The process that has the filter, before its program has begun.</param>
    /// <param name="init">Process 1 of the container; 0 where it has none.</param>
    public void Begin(int listener, int first, int init)
    {
        _listener = new SeccompListener(listener);
        int* pair = stackalloc int[2];
        if (Libc.pipe2(pair, Libc.O_CLOEXEC) != 0)
            throw SyscallException.FromLastError("pipe2");
        (_stopRead, _stopWrite) = (pair[0], pair[1]);
        try
        {
            var processes = new JobProcesses(emit, init, Environment.ProcessId);
            _paths = new PathResolver(first, Lose) { RootsDiffer = nests };
            _reader = new CallReader(_listener, _paths, processes, emit, isPrivileged);
        }
        catch (SyscallException e)
        {
            Obstacle = e.Message;
        }
        _thread = new Thread(Answer) { IsBackground = true, Name = "observer" };
        _thread.Start();
    }

    /// <summary>Tells what there is left to tell, once the job has ended.</summary>
    public void Finish()
    {
        if (_thread is null)
            return;
        byte stop = 1;
        _ = Libc.write(_stopWrite, &stop, 1);
        // Before 6.11 a listener whose last caller was killed just before it was read keeps its reader for ever.
        _left = !_thread.Join(LongestAnswer);
        _thread = null;
    }

    public void Dispose()
    {
        Finish();
        if (_left)
            return;
        _listener?.Dispose();
        _paths?.Dispose();
        if (_stopRead < 0)
            return;
        _ = Libc.close(_stopRead);
        _ = Libc.close(_stopWrite);
        _stopRead = -1;
    }

    private void Answer()
    {
        PollFd* polled = stackalloc PollFd[2];
        polled[0] = new PollFd { fd = _listener!.Descriptor, events = Libc.POLLIN };
        polled[1] = new PollFd { fd = _stopRead, events = Libc.POLLIN };
        while (true)
        {
            if (Libc.poll(polled, 2, -1) < 0)
            {
                // What was polled before stands there still: to receive on the strength of it could wait for ever.
                if ((Errno)Marshal.GetLastPInvokeError() == Errno.EINTR)
                    continue;
                return;
            }
            if ((polled[0].revents & Libc.POLLIN) != 0)
                AnswerOne();
            // Nobody has the filter any more, or it is said that nobody will.
            else if (polled[0].revents != 0 || polled[1].revents != 0)
                return;
        }
    }

    private void AnswerOne()
    {
        if (_listener!.TryReceive(out var notice) != Errno.None)
            return;
        if (Others?.Invoke(notice, _listener) == true)
            return;
        var outcome = Read(notice);
        if (outcome == Errno.None && _listener.TryContinue(notice.id) == Errno.EINVAL)
        {
            // Before Linux 5.5: the set-up's trial call fails, and the container is started again without us.
            Obstacle = "seccomp 'continue': Invalid argument (EINVAL)";
            outcome = Errno.ENOSYS;
        }
        // A call that cannot be answered at all would wait for ever.
        if (outcome != Errno.None && _listener.TryFail(notice.id, outcome) is not (Errno.None or Errno.ENOENT))
            _ = Libc.kill(notice.pid, Signals.SIGKILL);
    }

    private Errno Read(in SeccompNotice notice)
    {
        if (_reader is null)
            return Errno.ENOSYS;
        if (!_tried)
        {
            // The trial call is the set-up's own.
            _tried = true;
            return Errno.None;
        }
        try
        {
            return _reader.Read(notice);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Lose(string.Create(CultureInfo.InvariantCulture, $"call {notice.nr} could not be read: {e.Message}"));
            return Errno.None;
        }
    }

    /// <summary>Each once, and not without end.</summary>
    private void Lose(string sentence)
    {
        if (_losses.Count > MostLosses || !_losses.Add(sentence))
            return;
        emit(new ObservedLoss
        {
            Process = 0,
            Sentence = _losses.Count > MostLosses ? "further things were not seen, which are too many to tell" : sentence,
        });
    }
}
