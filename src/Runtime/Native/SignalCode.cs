using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>A signal handler in machine code, which runs on whatever thread the signal meets.</summary>
internal static class SignalCode
{
    /// <summary>Maps one that writes each siginfo to a pipe. It stays: it may be running at any moment.</summary>
    /// <param name="descriptor">The pipe; -1 for none.</param>
    public static nint Map(int descriptor)
    {
        byte[] code = StubCode.Signal;
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(StubCode.DescriptorOffset), descriptor);
        nint page = Libc.mmap(
            0, (nuint)code.Length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (page == -1)
            throw SyscallException.FromLastError("mmap");
        Marshal.Copy(code, 0, page, code.Length);
        return Libc.mprotect(page, (nuint)code.Length, Libc.PROT_READ | Libc.PROT_EXEC) == 0
            ? page
            : throw SyscallException.FromLastError("mprotect");
    }
}
