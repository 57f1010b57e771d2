using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>struct seccomp_notif_resp (linux/seccomp.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SeccompAnswer
{
    public const uint SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;

    public ulong id;
    public long val;

    /// <summary>Zero or a negative errno.</summary>
    public int error;
    public uint flags;
}
