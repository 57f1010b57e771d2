using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* iov_base;
    public nuint iov_len;
}
