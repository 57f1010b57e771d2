using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Passes our own standard input, a pipe, on to the job, and tells what the job has read of it.</summary>
/// <remarks>
/// Nothing is read ahead: what the job leaves stays in our pipe, for whoever has it after us, as in <c>while read f; do prov run …; done</c>.
/// The next piece is copied to the job's pipe without being taken (tee(2)), and taken only when the job has read it. Where little waits, that
/// pipe has room for one page, so that the kernel wakes us when it is empty. Where much waits, a turn of both processes for each page
/// would slow a job down on a busy machine: it has room for more, and whether it is empty is asked again and again.
/// </remarks>
internal sealed class PassedInput : InputChannel
{
    private const int TapBytes = 64 * 1024;

    /// <summary>How much is offered at once where more than a page waits: what a pipe usually holds.</summary>
    private const int WideBytes = 64 * 1024;

    /// <summary>How long silence lasts before a stopped channel gives up.</summary>
    private const int PollMilliseconds = 100;

    /// <summary>How long one who is not told waits before he asks again, at first and at most.</summary>
    private const int LeastPauseMicroseconds = 50, MostPauseMicroseconds = 20_000;

    private readonly SafeFileHandle _source;
    private readonly SafeFileHandle _jobEnd;
    private readonly SafeFileHandle _toJob;
    private readonly InputTap _tap;
    private readonly Thread _thread;
    private readonly byte[] _taken = new byte[TapBytes];
    private int _untold;
    private int _room = Environment.SystemPageSize;
    private volatile bool _stopping;

    private PassedInput(SafeFileHandle source, (SafeFileHandle Read, SafeFileHandle Write) pipe, InputTap tap)
    {
        _source = source;
        (_jobEnd, _toJob) = pipe;
        _tap = tap;
        _thread = new Thread(Pump) { IsBackground = true, Name = "Stdin" };
    }

    public override int JobDescriptor => (int)_jobEnd.DangerousGetHandle();

    public override int FeedingDescriptor => (int)_toJob.DangerousGetHandle();

    /// <summary>Why what was told is not all that the job read; null when it is.</summary>
    public string? Lost { get; private set; }

    /// <param name="source">A pipe.</param>
    /// <param name="tap">Told of every byte, after the job has read it.</param>
    /// <param name="obstacle">Why the job must have the pipe itself, a plain sentence.</param>
    /// <returns>Null when it must.</returns>
    public static PassedInput? TryOpen(SafeFileHandle source, InputTap tap, out string? obstacle)
    {
        obstacle = Files.Status(source).Type != Files.S_IFIFO ? "standard input is a socket, which the job may also write to"
            : Descriptors.IsReadOnly(source) ? null
            : "standard input is a pipe that was opened to be written to as well";
        if (obstacle is not null)
        {
            return null;
        }

        (SafeFileHandle Read, SafeFileHandle Write)? pipe = null;
        try
        {
            pipe = Descriptors.Pipe();
            Descriptors.ProveTee();
            Descriptors.Narrow(pipe.Value.Write);
            if (Descriptors.IsNonBlocking(source))
            {
                Descriptors.SetNonBlocking(pipe.Value.Read);
            }

            return new PassedInput(source, pipe.Value, tap);
        }
        catch (SyscallException e)
        {
            pipe?.Read.Dispose();
            pipe?.Write.Dispose();
            obstacle = $"standard input cannot be looked at on its way to the job: {e.Message}";
            return null;
        }
    }

    public override void Start()
    {
        _jobEnd.Dispose();
        _thread.Start();
    }

    /// <summary>Waits until all that the job has read is told.</summary>
    public override void Finish()
    {
        _stopping = true;
        _thread.Join();
    }

    protected override void Dispose(bool disposing)
    {
        _jobEnd.Dispose();
        _toJob.Dispose();
        base.Dispose(disposing);
    }

    private void Pump()
    {
        try
        {
            while (TryOffer(out int offered) && Take(offered - WaitUntilRead()) == offered)
            {
            }
        }
        catch (SyscallException e)
        {
            Lost = e.Message;
        }

        Tell();

        // The job is at the end when it has read what is left.
        _toJob.Dispose();
    }

    /// <summary>Copies the next piece to the job's pipe, which is empty.</summary>
    /// <returns>False at the end of the source, and when nobody is left who could read.</returns>
    private bool TryOffer(out int offered)
    {
        offered = 0;
        while (Descriptors.WaitForEither(_source, _toJob, PollMilliseconds) is var ready && !ready.IsReaderGone && !(_stopping && !ready.IsReadable))
        {
            if (!ready.IsReadable)
            {
                continue;
            }

            FitRoom();
            var error = Descriptors.Tee(_source, _toJob, _room, out offered);
            if (error == Errno.None)
            {
                return offered > 0;
            }

            if (error == Errno.EPIPE)
            {
                return false;
            }

            if (error is not (Errno.EAGAIN or Errno.EINTR))
            {
                throw new SyscallException("tee", "standard input", error);
            }
        }

        return false;
    }

    /// <summary>The job's pipe is empty here, and can be made of any size.</summary>
    private void FitRoom()
    {
        int wanted = Descriptors.Unread(_source) > Environment.SystemPageSize ? WideBytes : Environment.SystemPageSize;
        if (wanted != _room && Descriptors.TryResize(_toJob, wanted))
        {
            _room = wanted;
        }
    }

    /// <returns>How many bytes the job has not read, when it has read them all or never will; 0 or more.</returns>
    private int WaitUntilRead()
    {
        for (int asked = 0; ; asked = Math.Min(asked + 1, MostPauseMicroseconds / 100))
        {
            bool isWoken = Descriptors.WaitForRoom(_toJob, PollMilliseconds, out bool isReaderGone);
            int unread = Descriptors.Unread(_toJob);
            if (unread == 0 || isReaderGone || _stopping)
            {
                return unread;
            }

            if (isWoken)
            {
                // There is room before all is read. A job that takes its time is asked less and less often.
                Descriptors.Pause(Math.Min(LeastPauseMicroseconds + (asked * asked), MostPauseMicroseconds));
            }
        }
    }

    /// <summary>Takes from the source what the job has read.</summary>
    private int Take(int count)
    {
        for (int left = count; left > 0;)
        {
            if (_untold == TapBytes)
            {
                Tell();
            }

            // Whoever has the pipe too may have read it before us: then we would wait for what is gone.
            int length = 0;
            if (Descriptors.Unread(_source) == 0
                || Descriptors.TryRead(_source, _taken.AsSpan(_untold, Math.Min(left, TapBytes - _untold)), out length) != Errno.None)
            {
                Lost = "another process read from the same pipe";
                break;
            }

            left -= length;
            _untold += length;
        }

        return count;
    }

    private void Tell()
    {
        _tap(_taken.AsSpan(0, _untold));
        _untold = 0;
    }
}
