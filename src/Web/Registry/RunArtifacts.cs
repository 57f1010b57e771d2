using System.Collections.Concurrent;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Web.Reading;

namespace Provenance.Web.Registry;

/// <summary>Every run of the archive as an artifact, whether it was pushed or recorded here: made when it is asked for, the same bytes each time.</summary>
/// <remarks>What of an artifact is no blob of the archive is kept for the requests that follow: some documents of a few kilobytes each.</remarks>
internal sealed class RunArtifacts
{
    private const int MostKept = 256;
    private const int MostDocumentBytes = 16 << 20;

    private readonly ConcurrentDictionary<Digest, byte[]> _documents = new();
    private int _made;

    /// <summary>Of a repository's name and a tag: the manifest of a run's artifact.</summary>
    /// <returns>Null when the tag is none of a run that may be read.</returns>
    public Digest? Find(Reader reader, string tag)
    {
        if (!BundleArtifactNames.TryParseTag(tag, out var root) || reader.Finder.Find(root.Hex) is not { Kind: RecordKind.Run } row)
        {
            return null;
        }

        var bundle = new BundlePlanner(reader.Blobs, reader.Finder, reader.Images, reader.Finder.FindProof).Plan([row], new ExportOptions { Replays = true });
        var artifact = BundleArtifact.Of(bundle, reader.Blobs, new BundleArtifactMarks());
        if (Interlocked.Increment(ref _made) % MostKept == 0)
        {
            _documents.Clear();
        }

        foreach (var layer in artifact.Layers.Where(layer => !reader.Blobs.Contains(layer.Content.Digest) && layer.Content.Size <= MostDocumentBytes))
        {
            using var content = layer.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            _documents[layer.Content.Digest] = bytes.ToArray();
        }

        _documents[artifact.Manifest.Digest] = artifact.Bytes.ToArray();
        return artifact.Manifest.Digest;
    }

    /// <returns>Null when no artifact that was asked for lately has it.</returns>
    public byte[]? FindDocument(Digest digest) => _documents.GetValueOrDefault(digest);

    /// <summary>The tags of runs that may be read, in order, from behind one on.</summary>
    public static IReadOnlyList<string> TagsAfter(Reader reader, string last, int most) =>
        [.. reader.Finder.RunsAfter(BundleArtifactNames.TryParseTag(last, out var after) ? after : null, most).Select(BundleArtifactNames.Tag)];
}
