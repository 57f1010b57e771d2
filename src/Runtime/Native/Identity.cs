using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>Who this process is (unistd.h).</summary>
public static partial class Identity
{
    public static uint EffectiveUid => geteuid();

    public static uint EffectiveGid => getegid();

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();
}
