namespace Provenance.Runtime.Injection;

/// <summary>The libraries that make up a C library: they fit each other only, so a container keeps its own.</summary>
/// <remarks>Source: shlib-versions of glibc 2.36; ldd(1) of musl.</remarks>
internal static class GlibcFiles
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "libc.so.6", "libm.so.6", "libmvec.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
        "libnsl.so.1", "libanl.so.1", "libBrokenLocale.so.1", "libthread_db.so.1", "libc_malloc_debug.so.0", "libc.so",
    };

    private static readonly string[] Prefixes = ["ld-linux", "ld64.so", "ld.so.1", "ld-musl-", "libnss_files.", "libnss_dns.", "libnss_compat.", "libc.musl-"];

    /// <param name="name">A SONAME, or the name of a file.</param>
    public static bool IsPart(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
