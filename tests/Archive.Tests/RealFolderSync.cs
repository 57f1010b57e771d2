using System.Runtime.InteropServices;
using Xunit;

namespace Provenance.Archive.Tests;

/// <summary>fsync(2) of a folder, as the program does it: a measurement includes every one.</summary>
internal static partial class RealFolderSync
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC

    public static void Sync(string folder)
    {
        int descriptor = open(folder, CloseOnExec);
        Assert.True(descriptor >= 0 && fsync(descriptor) == 0 && close(descriptor) == 0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string pathname, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int fd);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
