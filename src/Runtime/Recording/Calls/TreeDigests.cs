using System.Text.Json;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Looks the digests of an image's files up in its tree manifest, so that nobody reads the files for them.</summary>
internal static class TreeDigests
{
    /// <summary>By absolute path in the container. The manifest is read once, line by line, and proved on the way.</summary>
    /// <param name="blobs">Where the manifest is.</param>
    /// <param name="tree">Its digest.</param>
    /// <param name="paths">The files asked for.</param>
    /// <exception cref="ArchiveException">The manifest is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, string> Find(BlobStore blobs, Digest tree, HashSet<string> paths)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (paths.Count == 0)
        {
            return found;
        }

        using var lines = blobs.Open(new Descriptor
        {
            MediaType = MediaTypes.JsonLines,
            Digest = tree,
            Size = blobs.SizeOf(tree),
        });
        var wanted = paths.GetAlternateLookup<ReadOnlySpan<char>>();
        char[] buffer = new char[1];
        foreach (var line in RecordLines.Split(lines, "tree manifest"))
        {
            // As many characters as bytes are enough for any path in the line, and for the slash before it.
            if (buffer.Length <= line.Length)
            {
                buffer = new char[2 * line.Length];
            }

            var reader = new Utf8JsonReader(line.Span);
            var path = ReadPath(ref reader, buffer);
            if (wanted.TryGetValue(path, out string? asked) && ReadSha256(ref reader) is { } sha256)
            {
                found[asked] = sha256;
            }
        }

        return found;
    }

    /// <summary>No string is made of it: thirty thousand lines must not cost the person who waits a second.</summary>
    /// <returns>With the slash; empty if the line has none.</returns>
    private static ReadOnlySpan<char> ReadPath(ref Utf8JsonReader reader, char[] buffer)
    {
        if (!MoveTo("path"u8, ref reader))
        {
            return [];
        }

        buffer[0] = '/';
        return buffer.AsSpan(0, 1 + reader.CopyString(buffer.AsSpan(1)));
    }

    /// <summary>Comes after the path: the members of a line are in order.</summary>
    private static string? ReadSha256(ref Utf8JsonReader reader) => MoveTo("sha256"u8, ref reader) ? reader.GetString() : null;

    /// <summary>To the value of the next member of that name.</summary>
    private static bool MoveTo(ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isIt = reader.ValueTextEquals(name);
                reader.Read();
                if (isIt)
                {
                    return true;
                }

                reader.Skip();
            }
        }

        return false;
    }
}
