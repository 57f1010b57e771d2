namespace Provenance.Runtime.Native;

/// <summary>Tells the one failure that a person can mend, and that must cost no more than it has to, from others.</summary>
public static class DiskFull
{
    // The runtime gives an errno as the low bits of an HRESULT.
    private const int ErrnoMask = 0xFFFF;

    /// <summary>Whether a file system had no room left, or the user no quota.</summary>
    public static bool IsReasonOf(Exception e) => e switch
    {
        SyscallException { Errno: var errno } => IsFull(errno),
        IOException io => IsFull((Errno)(io.HResult & ErrnoMask)),
        _ => false,
    };

    private static bool IsFull(Errno errno) => errno is Errno.ENOSPC or Errno.EDQUOT;
}
