using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>A file without a name: memfd_create(2).</summary>
internal static unsafe class MemoryFile
{
    private const nint MFD_CLOEXEC = 1;

    /// <param name="name">For those who look at /proc/PID/fd.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="SyscallException">There is no room.</exception>
    public static SafeFileHandle Make(string name, ReadOnlySpan<byte> content)
    {
        nint descriptor;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            descriptor = Libc.syscall(Syscall.MemfdCreate.Number, (nint)text, MFD_CLOEXEC, 0, 0, 0, 0);
        if (descriptor < 0)
            throw SyscallException.FromLastError("memfd_create", name);
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Descriptors.TryWriteAll(file, content);
        if (error == Errno.None)
            return file;
        file.Dispose();
        throw new SyscallException("write", name, error);
    }
}
