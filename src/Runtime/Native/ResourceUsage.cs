using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>getrusage(2), as on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceUsage
{
    public long utime_sec, utime_usec, stime_sec, stime_usec;

    /// <summary>In KiB.</summary>
    public long maxrss;

    public long ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv, nsignals, nvcsw, nivcsw;
}
