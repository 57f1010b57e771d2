using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>Reads the memory of another process: process_vm_readv(2).</summary>
internal static unsafe class TaskMemory
{
    private const ulong PageBytes = 4096;

    /// <summary>Reads all that is asked for.</summary>
    /// <returns>False when any of it cannot be read: then the call it is an argument of fails as well.</returns>
    public static bool TryRead(int task, ulong address, Span<byte> into) => Read(task, address, into) == into.Length;

    /// <summary>Reads up to and without the zero byte.</summary>
    /// <param name="buffer">The text is in its first bytes, with its zero byte behind it.</param>
    /// <returns>In bytes; null when there is no zero byte in a buffer's length, or it cannot be read.</returns>
    public static int? ReadText(int task, ulong address, Span<byte> buffer)
    {
        // Most paths are short, and what lies behind them may not be ours to read.
        int first = (int)Math.Min(PageBytes - (address % PageBytes), (ulong)Math.Min(buffer.Length, 256));
        int had = 0;
        int want = first;
        while (want > 0)
        {
            int length = Read(task, address + (ulong)had, buffer.Slice(had, want));
            if (length <= 0)
                return null;
            int end = buffer.Slice(had, length).IndexOf((byte)0);
            if (end >= 0)
                return had + end;
            had += length;
            ulong toPage = PageBytes - ((address + (ulong)had) % PageBytes);
            want = (int)Math.Min(toPage, (ulong)(buffer.Length - had));
        }
        return null;
    }

    /// <returns>How many bytes; -1 with an errno when none.</returns>
    private static int Read(int task, ulong address, Span<byte> into)
    {
        if (into.IsEmpty)
            return 0;
        fixed (byte* local = into)
        {
            var here = new IoVector { iov_base = local, iov_len = (nuint)into.Length };
            var there = new IoVector { iov_base = (void*)address, iov_len = (nuint)into.Length };
            return (int)Libc.process_vm_readv(task, &here, 1, &there, 1, 0);
        }
    }

    /// <summary>Why the last read failed: ESRCH, EPERM or EFAULT.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();
}
