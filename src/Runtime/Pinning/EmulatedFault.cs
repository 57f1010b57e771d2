using System.Buffers.Binary;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>Where a program stood that qemu-user ends for an illegal instruction: it sends the signal to itself, which tells nothing.</summary>
/// <remarks>
/// But it has made ready what it would have told the program, and keeps it with the thread's state, in memory of its own: a siginfo of
/// si_signo SIGILL, si_errno 0, si_code ILL_ILLOPN with qemu's kind of a signal above it (QEMU_SI_FAULT), and at offset 16 the address.
/// Source: linux-user/signal.c, force_sig_fault and queue_signal; linux-user/i386/cpu_loop.c, EXCP06_ILLOP. A program of the host's own
/// architecture is mapped where it believes to be.
/// </remarks>
internal static class EmulatedFault
{
    private const int ChunkBytes = 1 << 20, HeaderBytes = 16, Bytes = 24;

    /// <summary>Where a job has more, its own memory is most of it.</summary>
    private const ulong MostBytes = 512 << 20;

    private static ReadOnlySpan<byte> Header => [4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 0, 0];

    /// <param name="thread">Of the emulator; it stands still.</param>
    /// <returns>Null when it had nothing such to tell, or it was not found.</returns>
    public static ulong? FindAddress(int thread)
    {
        ulong left = MostBytes;
        // Its heap and stack have names, the job's have none.
        foreach (var memory in TaskFacts.MemoryOf(thread, 'w').Where(memory => memory.Path is null).OrderBy(memory => memory.IsAnonymous))
        {
            ulong length = Math.Min(memory.End - memory.Start, left);
            if (FindIn(thread, memory.Start, memory.Start + length) is { } address)
                return address;
            left -= length;
        }
        return null;
    }

    private static ulong? FindIn(int thread, ulong start, ulong end)
    {
        byte[] chunk = new byte[ChunkBytes];
        // One that lies across two pieces is found in the second.
        for (ulong at = start; at < end; at += ChunkBytes - Bytes)
        {
            var bytes = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, end - at));
            if (!TaskMemory.TryRead(thread, at, bytes))
                return null;
            int found = bytes.IndexOf(Header);
            if (found >= 0 && found + Bytes <= bytes.Length)
                return BinaryPrimitives.ReadUInt64LittleEndian(bytes[(found + HeaderBytes)..]);
        }
        return null;
    }
}
