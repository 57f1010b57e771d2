namespace Provenance.Archive.Content;

/// <summary>Durable writes: temporary file in the same folder, fsync, rename, fsync of the folder. A crash leaves the old file or the new one.</summary>
public static class AtomicFile
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Puts the content under the name, over what stood there.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, FolderSync sync, UnixFileMode mode = Readable)
    {
        Name(WriteUnnamed(path, content, mode), path, sync);
    }

    /// <summary>Not durable: for what can be made again. After a power cut it may be old, missing or empty.</summary>
    public static void WriteLoosely(string path, ReadOnlySpan<byte> content)
    {
        string temporary = TemporaryBeside(path);
        try
        {
            using (var handle = Create(temporary, Readable))
            {
                RandomAccess.Write(handle.SafeFileHandle, content, 0);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Puts what is written under the name, over what stood there. A signal that ends the program leaves nothing else.</summary>
    /// <param name="path">The name.</param>
    /// <param name="write">Writes the content; when it throws, the name is as it was.</param>
    /// <param name="sync">Makes the name durable.</param>
    public static void Write(string path, Action<Stream> write, FolderSync sync)
    {
        string temporary = TemporaryBeside(path);
        using var signals = new EndingSignals(() => File.Delete(temporary));
        try
        {
            using var file = CreateFor(path, temporary);
            write(file);
            file.Flush();
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Name(temporary, path, sync);
    }

    /// <summary>The first half: the content is durable under a name of its own, which is returned.</summary>
    internal static string WriteUnnamed(string path, ReadOnlySpan<byte> content, UnixFileMode mode = Readable)
    {
        string temporary = TemporaryBeside(path);
        try
        {
            WriteDurably(temporary, content, mode);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The second half: it gets its name.</summary>
    internal static void Name(string temporary, string path, FolderSync sync)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        sync(Path.GetDirectoryName(path)!);
    }

    /// <summary>Whether a name is one of ours that a killed writer may have left.</summary>
    public static bool IsTemporary(string fileName) => fileName.StartsWith(".prov-", StringComparison.Ordinal);

    /// <summary>A name that no other writer, in this process or another, has at this moment.</summary>
    internal static string TemporaryBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, TemporaryName.Next());

    /// <summary>Whoever may not write there knows the name, not that of the temporary file.</summary>
    private static FileStream CreateFor(string path, string temporary)
    {
        try
        {
            return new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = Readable,
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.", e);
        }
    }

    private static void WriteDurably(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var handle = Create(path, mode);
        RandomAccess.Write(handle.SafeFileHandle, content, 0);
        RandomAccess.FlushToDisk(handle.SafeFileHandle);
    }

    private static FileStream Create(string path, UnixFileMode mode) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        BufferSize = 0,
        UnixCreateMode = mode,
    });
}
