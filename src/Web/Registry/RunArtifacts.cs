using System.Collections.Concurrent;
using Provenance.Archive.Catalog;
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

    private readonly ConcurrentDictionary<Digest, RunArtifact> _made = new();

    /// <summary>Of a repository's name and a tag: the manifest of a run's artifact.</summary>
    /// <returns>Null when the tag is none of a run that may be read.</returns>
    public Digest? Find(Reader reader, string tag)
    {
        if (!BundleArtifactNames.TryParseTag(tag, out var root) || reader.Finder.Find(root.Hex) is not { Kind: RecordKind.Run } row)
        {
            return null;
        }

        if (Plan(reader, row) is not { } bundle)
        {
            return null;
        }

        BundleArtifact artifact;
        try
        {
            artifact = BundleArtifact.Of(bundle, reader.Blobs, new BundleArtifactMarks());
        }
        catch (BundleException)
        {
            // It has more files than a manifest can name: there is the bundle for that.
            return null;
        }

        HashSet<Digest> stored = [.. bundle.Blobs.Select(blob => blob.Digest)];
        var documents = new Dictionary<Digest, byte[]> { [artifact.Manifest.Digest] = artifact.Bytes.ToArray() };
        foreach (var layer in artifact.Layers.Where(layer => !stored.Contains(layer.Content.Digest) && layer.Content.Size <= MostDocumentBytes))
        {
            using var content = layer.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            documents[layer.Content.Digest] = bytes.ToArray();
        }

        if (_made.Count >= MostKept)
        {
            _made.Clear();
        }

        _made[artifact.Manifest.Digest] = new RunArtifact([.. bundle.Manifest.Records.Select(record => record.Record.Digest)], stored, documents);
        return artifact.Manifest.Digest;
    }

    /// <returns>Null when no artifact that was asked for lately has it, or none of which everything may still be read.</returns>
    public byte[]? FindDocument(Reader reader, Digest digest) =>
        _made.Values.FirstOrDefault(made => made.Documents.ContainsKey(digest) && MayRead(reader, made))?.Documents[digest];

    /// <summary>Whether such an artifact has it as a blob of the archive.</summary>
    public bool HasBlob(Reader reader, Digest digest) => _made.Values.Any(made => made.Blobs.Contains(digest) && MayRead(reader, made));

    /// <returns>Null when something that the run needs, such as its image, may not be read.</returns>
    private static Bundle? Plan(Reader reader, RecordRow run)
    {
        try
        {
            return new BundlePlanner(reader.Blobs, reader.Finder, reader.Images, reader.Finder.FindProof).Plan([run], new ExportOptions { Replays = true });
        }
        catch (BundleException) when (!reader.Scope.IsEverything)
        {
            return null;
        }
    }

    private static bool MayRead(Reader reader, RunArtifact made) => made.Records.All(record => reader.Finder.Find(record.Hex) is not null);

    /// <summary>The tags of runs that may be read, in order, from behind one on.</summary>
    public static IReadOnlyList<string> TagsAfter(Reader reader, string last, int most) =>
        [.. reader.Finder.RunsAfter(BundleArtifactNames.TryParseTag(last, out var after) ? after : null, most).Select(BundleArtifactNames.Tag)];
}
