using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>Keeps the calling thread, and what it starts, on one CPU until this is disposed of.</summary>
/// <remarks>sched_setaffinity(2): the mask belongs to the thread and is inherited over clone and execve.</remarks>
internal sealed unsafe partial class SingleCpu : IDisposable
{
    /// <summary>CPUs in a mask: as many as Linux can be built for.</summary>
    private const int MaskBits = 8192;

    private const int MaskBytes = MaskBits / 8;

    private readonly byte[] _before;

    private SingleCpu(byte[] before)
    {
        _before = before;
    }

    /// <summary>The first CPU that the thread may use.</summary>
    /// <returns>Null where the kernel does not let us.</returns>
    public static SingleCpu? Take()
    {
        byte[] before = new byte[MaskBytes];
        fixed (byte* mask = before)
        {
            if (sched_getaffinity(0, MaskBytes, mask) < 0)
                return null;
        }

        int first = Array.FindIndex(before, bits => bits != 0);
        byte[] one = new byte[MaskBytes];
        one[first] = (byte)(before[first] & -before[first]);
        return TrySet(one) ? new SingleCpu(before) : null;
    }

    public void Dispose() => TrySet(_before);

    private static bool TrySet(byte[] bits)
    {
        fixed (byte* mask = bits)
            return sched_setaffinity(0, MaskBytes, mask) == 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_getaffinity(int pid, nuint cpusetsize, byte* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int pid, nuint cpusetsize, byte* mask);
}
