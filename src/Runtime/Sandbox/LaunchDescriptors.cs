using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>The descriptors by which a container and its parent talk. All are closed on exec.</summary>
internal sealed unsafe class LaunchDescriptors : IDisposable
{
    private readonly List<int> _open = [];

    /// <param name="barrier">Whether the child must wait for its parent.</param>
    public LaunchDescriptors(bool barrier)
    {
        int* pair = stackalloc int[2];
        // A socket, since it tells the sender's process id as this process sees it.
        Check(Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0, pair), "socketpair", pair);
        (ReportRead, ReportWrite) = (pair[0], pair[1]);
        int one = 1;
        if (Libc.setsockopt(ReportRead, Libc.SOL_SOCKET, Libc.SO_PASSCRED, &one, sizeof(int)) != 0)
            throw SyscallException.FromLastError("setsockopt");
        Check(Libc.pipe2(pair, Libc.O_CLOEXEC), "pipe2", pair);
        (ResultRead, ResultWrite) = (pair[0], pair[1]);
        if (!barrier)
            return;
        Check(Libc.pipe2(pair, Libc.O_CLOEXEC), "pipe2", pair);
        (BarrierRead, BarrierWrite) = (pair[0], pair[1]);
    }

    /// <summary>Says that the job is about to begin, or which step failed; ends when the job's program has begun.</summary>
    public int ReportRead { get; }

    public int ReportWrite { get; }

    /// <summary>Says how the job ended; held by the container's first process alone.</summary>
    public int ResultRead { get; }

    public int ResultWrite { get; }

    /// <summary>Lets the child go on when its ids have been mapped from outside.</summary>
    public int BarrierRead { get; } = -1;

    public int BarrierWrite { get; } = -1;

    /// <summary>The emulator's file, which is somebody else's to close; -1 for none.</summary>
    public int Emulator { get; init; } = -1;

    public void Close(params ReadOnlySpan<int> descriptors)
    {
        foreach (int descriptor in descriptors)
        {
            if (_open.Remove(descriptor))
                _ = Libc.close(descriptor);
        }
    }

    public void Dispose() => Close([.. _open]);

    private void Check(int result, string call, int* pair)
    {
        if (result != 0)
            throw SyscallException.FromLastError(call);
        _open.AddRange([pair[0], pair[1]]);
    }
}
