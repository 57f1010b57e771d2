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
    public static IReadOnlyDictionary<string, string> Find(BlobStore blobs, Digest tree, IReadOnlySet<string> paths)
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
        foreach (var line in RecordLines.Split(lines, "tree manifest"))
        {
            if (Parse(line.Span) is ({ } path, { } sha256) && paths.Contains(path))
            {
                found[path] = sha256;
            }
        }

        return found;
    }

    /// <summary>Of a line only what is asked: thirty thousand of them must not cost the person who waits a second.</summary>
    private static (string? Path, string? Sha256) Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        string? path = null;
        string? sha256 = null;
        reader.Read();
        while (sha256 is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isPath = reader.ValueTextEquals("path"u8);
            bool isDigest = reader.ValueTextEquals("sha256"u8);
            reader.Read();
            if (isPath)
            {
                path = $"/{reader.GetString()}";
            }
            else if (isDigest)
            {
                sha256 = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return (path, sha256);
    }
}
