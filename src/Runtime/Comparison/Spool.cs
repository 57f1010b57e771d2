namespace Provenance.Runtime.Comparison;

/// <summary>Unpacked content that can be read again: small in memory, larger in a file that has no name for long.</summary>
internal static class Spool
{
    private const int InMemoryBytes = 4 << 20;

    /// <summary>Of one content, in bytes.</summary>
    private const long MaxBytes = 4L << 30;

    private static long _count;

    /// <param name="content">Read to its end.</param>
    /// <param name="folder">For a larger one.</param>
    /// <exception cref="UnreadableContentException">It is too large.</exception>
    public static Stream Of(Stream content, string folder) => Copy(content, new MemoryStream(), folder);

    /// <summary>The same, always in a file.</summary>
    public static FileStream ToFile(Stream content, string folder) => (FileStream)Copy(content, CreateFile(folder), folder);

    private static Stream Copy(Stream content, Stream spooled, string folder)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = content.Read(buffer)) > 0)
            {
                spooled.Write(buffer, 0, read);
                if (spooled is MemoryStream && spooled.Length > InMemoryBytes)
                {
                    spooled = MoveToFile(spooled, folder);
                }

                if (spooled.Length > MaxBytes)
                {
                    throw new UnreadableContentException($"unpacks to more than {MaxBytes >> 30} GiB");
                }
            }

            spooled.Flush();
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    private static FileStream MoveToFile(Stream memory, string folder)
    {
        var file = CreateFile(folder);
        using (memory)
        {
            memory.Position = 0;
            memory.CopyTo(file);
        }

        return file;
    }

    private static FileStream CreateFile(string folder)
    {
        string path = Path.Combine(folder, $".prov-compared-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
