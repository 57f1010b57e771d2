using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>A pipe or a pseudo-terminal between the job and the caller's own output, tapped on the way.</summary>
internal sealed class OutputChannel : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>How often a terminal is asked for its size, and how long silence lasts before a stopped channel gives up.</summary>
    private const int PollMilliseconds = 100;

    private readonly OutputStream _stream;
    private readonly SafeFileHandle _source;
    private readonly SafeFileHandle _jobEnd;
    private readonly SafeFileHandle? _destination;
    private readonly bool _isTerminal;
    private readonly Thread _thread;
    private StreamTap _tap = (_, _) => { };
    private Action _resized = () => { };
    private Errno _notPassed;
    private volatile bool _stopping;

    private OutputChannel(
        OutputStream stream, (SafeFileHandle Source, SafeFileHandle JobEnd) pair, SafeFileHandle? destination, bool isTerminal)
    {
        _stream = stream;
        (_source, _jobEnd) = pair;
        _destination = destination;
        _isTerminal = isTerminal;
        _thread = new Thread(Pump) { IsBackground = true, Name = $"{stream}" };
    }

    /// <summary>What becomes the job's own descriptor.</summary>
    public int JobDescriptor => (int)_jobEnd.DangerousGetHandle();

    /// <summary>Set when whoever read our output closed it before the job had ended.</summary>
    public bool ReaderLeft => _notPassed == Errno.EPIPE;

    /// <summary>Why what the job wrote could not be passed on, where somebody would still read it: a full disk; null for no such reason.</summary>
    public string? Lost => _notPassed is Errno.None or Errno.EPIPE
        ? null
        : new SyscallException("write", _stream == OutputStream.Stdout ? "standard output" : "standard error", _notPassed).Message;

    /// <param name="stream">Which of the job's it is.</param>
    /// <param name="destination">Where the bytes go on to; null for nowhere.</param>
    /// <param name="asTerminal">Gives the job a terminal.</param>
    /// <param name="size">Of that terminal; null for the destination's.</param>
    /// <exception cref="SyscallException">No descriptor is to be had.</exception>
    public static OutputChannel Open(OutputStream stream, SafeFileHandle? destination, bool asTerminal, TerminalSize? size = null)
    {
        if (!asTerminal)
        {
            return new OutputChannel(stream, Descriptors.Pipe(), destination, isTerminal: false);
        }

        var pair = PseudoTerminals.Open();
        if (size is { } wanted)
        {
            PseudoTerminals.SetSize(pair.Master, wanted);
        }
        else if (destination is not null)
        {
            PseudoTerminals.CopySize(destination, pair.Master);
        }

        return new OutputChannel(stream, pair, destination, isTerminal: true);
    }

    /// <summary>Begins to carry. Call it when the job has its own copy of the descriptor: ours is closed here.</summary>
    /// <param name="tap">Told of every byte, after it was passed on.</param>
    /// <param name="resized">Called when the terminal got another size.</param>
    public void Start(StreamTap tap, Action resized)
    {
        _tap = tap;
        _resized = resized;
        _jobEnd.Dispose();
        _thread.Start();
    }

    /// <summary>Waits until all that the job wrote is carried. What processes that outlived it write after a silence is not.</summary>
    public void Finish()
    {
        _stopping = true;
        _thread.Join();
    }

    public void Dispose()
    {
        _jobEnd.Dispose();
        _source.Dispose();
    }

    private void Pump()
    {
        byte[] buffer = new byte[BufferBytes];
        while (true)
        {
            FollowSize();
            if (!Descriptors.Wait(_source, Descriptors.POLLIN, PollMilliseconds))
            {
                if (_stopping)
                {
                    return;
                }

                continue;
            }

            // EIO is how a terminal's master says that its last slave is closed.
            if (Descriptors.TryRead(_source, buffer, out int length) != Errno.None || length == 0)
            {
                return;
            }

            _notPassed = TryPass(buffer.AsSpan(0, length));
            _tap(_stream, buffer.AsSpan(0, length));
            if (_notPassed != Errno.None)
            {
                // The job learns of it by SIGPIPE at its next write: of a reader who left as it would without us.
                _source.Dispose();
                return;
            }
        }
    }

    private Errno TryPass(ReadOnlySpan<byte> bytes) =>
        _destination is null ? Errno.None : Descriptors.TryWriteAll(_destination, bytes);

    private void FollowSize()
    {
        if (_isTerminal && _destination is not null && PseudoTerminals.CopySize(_destination, _source))
        {
            _resized();
        }
    }
}
