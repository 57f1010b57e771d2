using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>recvmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* name;
    public uint namelen;
    public IoVector* iov;
    public nuint iovlen;
    public void* control;
    public nuint controllen;
    public int flags;
}
