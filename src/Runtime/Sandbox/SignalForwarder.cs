using System.Buffers.Binary;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>
/// Passes on to the job the signals that a person or a batch system sends to <c>prov</c>. Those that the terminal makes
/// (^C, ^\, ^Z) reach the job by themselves, since it shares our process group, and are not sent twice.
/// </summary>
/// <remarks>
/// .NET's own handlers do not tell who sent a signal, so ours is a piece of machine code that writes its siginfo to a
/// pipe, which <see cref="Container.Wait"/> reads.
/// </remarks>
public sealed unsafe class SignalForwarder : IDisposable
{
    private const int SignalInfoBytes = 128;
    private const int CodeOffset = 8;

    // The first of those that libc leaves to programs is .NET's, see its INJECT_ACTIVATION_SIGNAL.
    private const int FirstRealTime = 36;

    /// <summary>
    /// All that can be caught, but for the faults of a program itself, SIGCHLD, SIGPIPE, and SIGTTIN and SIGTTOU, which
    /// stop us as they stop the job.
    /// </summary>
    private static readonly int[] Forwarded =
    [
        Signals.SIGHUP, Signals.SIGINT, Signals.SIGQUIT, Signals.SIGUSR1, Signals.SIGUSR2, Signals.SIGALRM,
        Signals.SIGTERM, Signals.SIGSTKFLT, Signals.SIGCONT, Signals.SIGTSTP, Signals.SIGURG, Signals.SIGXCPU,
        Signals.SIGXFSZ, Signals.SIGVTALRM, Signals.SIGPROF, Signals.SIGWINCH, Signals.SIGIO, Signals.SIGPWR,
        .. Enumerable.Range(FirstRealTime, Dispositions.Last - FirstRealTime + 1),
    ];

    private readonly Dictionary<int, SignalAction> _before = [];
    private readonly SignalAction _action;

    private SignalForwarder()
    {
        int* pair = stackalloc int[2];
        if (Libc.pipe2(pair, Libc.O_CLOEXEC | Libc.O_NONBLOCK) != 0)
            throw SyscallException.FromLastError("pipe2");
        Descriptor = pair[0];
        nint code = SignalCode.Map(pair[1]);
        _action = new SignalAction
        {
            handler = code,
            flags = (nuint)(Processes.SA_SIGINFO | Processes.SA_RESTART | Processes.SA_RESTORER),
            restorer = code + StubCode.RestorerOffset,
        };
    }

    /// <summary>Readable when signals have come.</summary>
    internal int Descriptor { get; }

    /// <summary>Installs the handlers; one forwarder at a time. Install it before the container is started.</summary>
    public static SignalForwarder Install()
    {
        var forwarder = new SignalForwarder();
        foreach (int signal in Forwarded)
        {
            var before = Dispositions.Get(signal);
            // What is ignored (nohup) stays so, and a real-time signal that has a handler belongs to somebody.
            if (before.handler == (nint)Processes.SIG_IGN
                || (signal >= FirstRealTime && before.handler != (nint)Processes.SIG_DFL))
                continue;
            forwarder._before.Add(signal, before);
            Dispositions.Set(signal, forwarder._action);
        }
        return forwarder;
    }

    /// <summary>
    /// Puts back what was installed before. The handler and its end of the pipe stay: it may be running on another
    /// thread at this moment.
    /// </summary>
    public void Dispose()
    {
        foreach (var (signal, before) in _before)
            Dispositions.Set(signal, before);
        _before.Clear();
        _ = Libc.close(Descriptor);
    }

    /// <summary>Hands on what has come.</summary>
    internal void Forward(Container container)
    {
        byte* information = stackalloc byte[SignalInfoBytes];
        while (Libc.read(Descriptor, information, SignalInfoBytes) == SignalInfoBytes)
        {
            var bytes = new ReadOnlySpan<byte>(information, SignalInfoBytes);
            int signal = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            bool fromProcess = BinaryPrimitives.ReadInt32LittleEndian(bytes[CodeOffset..]) <= Processes.SI_USER;
            if (fromProcess)
                container.Signal(signal);
            if (signal == Signals.SIGTSTP)
                StopOurselves();
        }
    }

    /// <summary>So that the shell sees its job as stopped; goes on at SIGCONT, which is then forwarded.</summary>
    private void StopOurselves()
    {
        Dispositions.Set(Signals.SIGTSTP, default);
        _ = Libc.raise(Signals.SIGTSTP);
        Dispositions.Set(Signals.SIGTSTP, _action);
    }
}
