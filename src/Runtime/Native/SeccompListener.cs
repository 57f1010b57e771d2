using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>The listener of a filter: tells of calls before they are done, and lets them go on (seccomp_unotify(2)).</summary>
internal sealed unsafe class SeccompListener : IDisposable
{
    public const nuint SECCOMP_IOCTL_NOTIF_RECV = 0xC0502100, SECCOMP_IOCTL_NOTIF_SEND = 0xC0182101;
    public const nuint SECCOMP_IOCTL_NOTIF_ID_VALID = 0x40082102, SECCOMP_IOCTL_NOTIF_SET_FLAGS = 0x40082104;
    public const ulong SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1;

    private readonly int _descriptor;
    private readonly byte[] _buffer;

    /// <param name="descriptor">Owned from now on.</param>
    public SeccompListener(int descriptor)
    {
        _descriptor = descriptor;
        // A later kernel may have more to tell than we know of.
        ushort* sizes = stackalloc ushort[3];
        nint known = Libc.syscall(Syscall.Seccomp.Number, Processes.SECCOMP_GET_NOTIF_SIZES, 0, (nint)sizes, 0, 0, 0);
        _buffer = GC.AllocateArray<byte>(Math.Max(known == 0 ? sizes[0] : 0, sizeof(SeccompNotice)), pinned: true);
        // 6.6: the reader is woken on the caller's own processor, and the caller on the reader's. Before, it is only slower.
        _ = Libc.ioctl(_descriptor, SECCOMP_IOCTL_NOTIF_SET_FLAGS, (void*)SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    }

    /// <summary>Whether a call can be let go on: Linux 5.5.</summary>
    public static bool MayContinue { get; } = Environment.OSVersion.Version >= new Version(5, 5);

    public int Descriptor => _descriptor;

    /// <summary>Waits for a call; ENOENT when its thread was killed meanwhile, which leaves nothing to answer.</summary>
    public Errno TryReceive(out SeccompNotice notice)
    {
        _buffer.AsSpan().Clear();
        fixed (byte* buffer = _buffer)
        {
            int result = Libc.ioctl(_descriptor, SECCOMP_IOCTL_NOTIF_RECV, buffer);
            notice = *(SeccompNotice*)buffer;
            return result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Whether the thread still waits for its answer, so that what was read under its number is its own.</summary>
    public bool IsWaiting(ulong id) => Libc.ioctl(_descriptor, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;

    /// <summary>Lets the kernel do the call; EINVAL before Linux 5.5, which cannot.</summary>
    public Errno TryContinue(ulong id) =>
        TryAnswer(new SeccompAnswer { id = id, flags = SeccompAnswer.SECCOMP_USER_NOTIF_FLAG_CONTINUE });

    /// <summary>Has the call fail.</summary>
    public Errno TryFail(ulong id, Errno errno) => TryAnswer(new SeccompAnswer { id = id, error = -(int)errno });

    public void Dispose() => _ = Libc.close(_descriptor);

    private Errno TryAnswer(SeccompAnswer answer) =>
        Libc.ioctl(_descriptor, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();
}
