using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>
/// The kernel writes into a thread's struct rseq (rseq(2), since libc 2.35) whenever it is scheduled, and kills a process
/// that has unmapped it. So a child that gives up its memory says so first.
/// </summary>
internal static unsafe partial class RestartableSequences
{
    public const int RSEQ_FLAG_UNREGISTER = 1, AT_RSEQ_FEATURE_SIZE = 27, AT_RSEQ_ALIGN = 28;

    /// <summary>What libc 2.35 to 2.39 register, whatever the kernel knows; later ones no less.</summary>
    public const int LeastBytes = 32;

    /// <summary>What libc gives as signature: an instruction that stands before each abort handler.</summary>
    public static uint Signature =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x53053053 : 0xD428BC00;

    /// <summary>Where the struct is, from the thread pointer on; null when this libc registers none.</summary>
    public static int? Offset { get; } = ReadOffset();

    /// <summary>The length that a libc registers which goes by what the kernel says.</summary>
    public static long AdvertisedBytes
    {
        get
        {
            long size = (long)getauxval(AT_RSEQ_FEATURE_SIZE);
            long align = Math.Max((long)getauxval(AT_RSEQ_ALIGN), 1);
            return Math.Max((size + align - 1) / align * align, LeastBytes);
        }
    }

    private static int? ReadOffset()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint libc))
            return null;
        bool registered = NativeLibrary.TryGetExport(libc, "__rseq_size", out nint size) && *(uint*)size > 0;
        return registered && NativeLibrary.TryGetExport(libc, "__rseq_offset", out nint offset)
            ? (int)*(nint*)offset
            : null;
    }

    [LibraryImport("libc")]
    private static partial nuint getauxval(nuint type);
}
