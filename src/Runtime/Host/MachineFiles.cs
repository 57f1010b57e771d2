using System.Buffers;
using System.Text;

namespace Provenance.Runtime.Host;

/// <summary>Small text files of a machine: below <c>/</c>, or below a folder that holds another machine's.</summary>
/// <remarks>A file that is missing or may not be read is unknown, never an error: half of them need not exist.</remarks>
internal sealed class MachineFiles(string root)
{
    /// <summary>The most that is read of one file, in bytes.</summary>
    private const int LimitBytes = 1 << 20;

    private const int FirstBufferBytes = 16 * 1024;

    /// <summary>Whole text of a file, without the white space at its end; null when it cannot be read.</summary>
    /// <param name="path">Absolute, as on the machine.</param>
    internal string? ReadText(string path)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            // FileShare.ReadWrite spares a flock(2) for each file.
            using var file = File.OpenHandle(
                PathOf(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            int length = 0;
            while (RandomAccess.Read(file, buffer.AsSpan(length), length) is int read and > 0)
            {
                length += read;
                if (length == buffer.Length && !TryGrow(ref buffer))
                    break;
            }

            return Encoding.UTF8.GetString(buffer, 0, length).TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A file that holds one number; null when it holds none.</summary>
    internal long? ReadNumber(string path) => long.TryParse(ReadText(path), out long number) ? number : null;

    internal bool Exists(string path) => Path.Exists(PathOf(path));

    /// <summary>Names of what stands in a folder, in ordinal order; empty when it cannot be read.</summary>
    internal IReadOnlyList<string> List(string folder)
    {
        try
        {
            string[] names = [.. Directory.EnumerateFileSystemEntries(PathOf(folder)).Select(e => Path.GetFileName(e))];
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Last part of a symbolic link's target; null when it is none.</summary>
    internal string? LinkName(string path)
    {
        try
        {
            return Path.GetFileName(new FileInfo(PathOf(path)).LinkTarget);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool TryGrow(ref byte[] buffer)
    {
        if (buffer.Length >= LimitBytes)
            return false;

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
        return true;
    }

    private string PathOf(string path) => root.Length == 0 ? path : root + path;
}
