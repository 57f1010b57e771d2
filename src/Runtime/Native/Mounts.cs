using System.Buffers.Binary;

namespace Provenance.Runtime.Native;

/// <summary>Constants and structs of mount(2), mount_setattr(2), umount2(2) (sys/mount.h, linux/mount.h).</summary>
internal static class Mounts
{
    public const long MS_RDONLY = 1, MS_NOSUID = 2, MS_NODEV = 4, MS_NOEXEC = 8, MS_REMOUNT = 32, MS_NOATIME = 1024;
    public const long MS_NODIRATIME = 2048, MS_BIND = 4096, MS_MOVE = 8192, MS_REC = 16384, MS_SLAVE = 1 << 19;
    public const long MS_RELATIME = 1 << 21;
    public const long MNT_DETACH = 2;
    public const ulong MOUNT_ATTR_RDONLY = 1, MOUNT_ATTR_NOSUID = 2, MOUNT_ATTR_NODEV = 4;

    /// <summary>struct mount_attr is four 64-bit words: what to set, what to clear, propagation, a descriptor.</summary>
    public const int MountAttrBytes = 32;

    /// <summary>A struct mount_attr that sets, and clears nothing.</summary>
    public static byte[] MountAttr(ulong set)
    {
        byte[] bytes = new byte[MountAttrBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, set);
        return bytes;
    }
}
