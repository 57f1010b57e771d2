using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Pinning;

/// <summary>The files that a job's code was loaded from, read through the job's own root.</summary>
internal static class CodeFiles
{
    /// <summary>Calls a function with the file's code; default where it cannot be read.</summary>
    public static T? With<T>(int thread, CodeMapping mapping, Func<ElfCode, T> use)
    {
        try
        {
            // A symbolic link of the container would lead into ours; the kernel has named the file without any.
            using var file = System.IO.File.OpenHandle($"/proc/{thread}/root{mapping.Path}");
            return ElfCode.TryRead(new ElfBytes(file)) is { } code ? use(code) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ElfFormatException)
        {
            return default;
        }
    }
}
