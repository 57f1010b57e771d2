using Provenance.Archive.Content;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>
/// A file that a command was told to write. A regular one, be it behind links, is replaced when all is written; a pipe or a device is written to.
/// </summary>
internal static class OutputFile
{
    /// <summary>Opened anew, /dev/stdout would lose what stands before in a file, and is refused where it is a socket.</summary>
    public static bool IsStandardOutput(string file) => file is "-" or "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    /// <param name="file">As it was typed, <c>-</c> for standard output.</param>
    /// <param name="terminal">Whose standard output it is.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string file, Terminal terminal, Action<Stream> write)
    {
        if (IsStandardOutput(file))
        {
            write(terminal.WholeOutput());
            return;
        }

        Write(file, write);
    }

    public static void Write(string file, Action<Stream> write)
    {
        string path = Path.GetFullPath(file);
        if (Files.IsSpecial(path))
        {
            WriteInPlace(path, write);
            return;
        }

        string target = BehindLinks(path);
        if (Directory.Exists(target))
        {
            throw new IOException($"'{file}': is a folder");
        }

        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"'{file}': folder '{folder}' does not exist");
        }

        AtomicFile.Write(target, write, Files.SyncFolder);
    }

    /// <returns>In bytes; null for what has none, as a pipe.</returns>
    public static long? SizeOf(string file) =>
        IsStandardOutput(file) || Files.IsSpecial(Path.GetFullPath(file)) ? null : new FileInfo(BehindLinks(Path.GetFullPath(file))).Length;

    private static void WriteInPlace(string path, Action<Stream> write)
    {
        // Shared, because a device cannot be locked by whoever does not own it.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        write(stream);
        stream.Flush();
    }

    private static string BehindLinks(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
