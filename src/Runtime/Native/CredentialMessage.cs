using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>cmsg(3) with unix(7)'s ucred as its data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CredentialMessage
{
    public nuint len;
    public int level;
    public int type;
    public int pid;
    public uint uid;
    public uint gid;
}
