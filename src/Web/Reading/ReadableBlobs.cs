using System.Collections.Concurrent;
using Provenance.Archive;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;

namespace Provenance.Web.Reading;

/// <summary>Whether a blob may be read by somebody who may not read everything.</summary>
/// <remarks>
/// Of what is hidden, every blob that a bundle of it would have is refused, unless something that is shown has it too: made or used by a shown run,
/// part of a shown image or of a manifest that was pushed for all, or a shown record. Where only some records are shown, it is allowed what a bundle of
/// these would have. What was taken down is hidden from everybody in the same way. Of a manifest that was pushed and is withheld everything is, and of a
/// bundle what is no record's: its records are judged one by one.
/// </remarks>
internal sealed class ReadableBlobs(StoreLayout layout, FolderSync sync, TimeProvider time, Audience audience)
{
    private const int MostKept = 100_000;

    /// <summary>A record never changes, nor what it names.</summary>
    private readonly ConcurrentDictionary<Digest, HashSet<Digest>> _ofRecord = new();

    /// <summary>The same of bundles that were pushed, when all of their records are here.</summary>
    private readonly ConcurrentDictionary<Digest, HashSet<Digest>> _ofBundle = new();

    /// <param name="reader">Of the request.</param>
    /// <param name="blob">Whether it is in the archive or not.</param>
    /// <remarks>Both are always asked, so that how long it takes says nothing.</remarks>
    public bool May(Reader reader, Digest blob)
    {
        bool isHidden = false;
        foreach (var record in reader.Scope.TakenDown)
        {
            isHidden |= record == blob || BlobsOf(record)?.Contains(blob) != false;
        }

        foreach (var manifest in reader.Scope.WithheldManifests)
        {
            isHidden |= manifest == blob || BlobsOfManifest(manifest).Contains(blob);
        }

        if (reader.Scope.Shown is { } shown)
        {
            return shown.Any(record => BlobsOf(record)?.Contains(blob) == true) && (!isHidden || IsShown(reader, blob));
        }

        foreach (var record in reader.Scope.Hidden)
        {
            isHidden |= record == blob || BlobsOf(record)?.Contains(blob) != false;
        }

        bool isShown = IsShown(reader, blob);
        return isShown || !isHidden;
    }

    private bool IsShown(Reader reader, Digest blob) =>
        new PushedManifests(layout, time).ShowsTo(blob, audience.Owner, reader.Scope.WithheldManifests)
        | reader.Finder.Find(blob.Hex) is not null
        | reader.Finder.FilesByDigest(blob.Hex, 1).Count > 0
        | reader.Finder.ImagesByDigest(blob).Count > 0;

    /// <returns>Null when it cannot be told: the record is not whole.</returns>
    private HashSet<Digest>? BlobsOf(Digest record)
    {
        if (_ofRecord.TryGetValue(record, out var known))
        {
            return known;
        }

        var blobs = new BlobStore(layout, sync);
        using var finder = RecordFinder.Open(blobs, sync);
        if (finder.Find(record.Hex) is not { } row)
        {
            // A manifest that was pushed, with the record of its image; or a record that is still to come.
            return
            [
                .. BlobsOfManifest(record),
                .. finder.ImagesByDigest(record).SelectMany(image => Plan(blobs, finder, finder.Get(image.Record.Hex)) ?? []),
            ];
        }

        if (Plan(blobs, finder, row) is not { } found)
        {
            return null;
        }

        if (_ofRecord.Count >= MostKept)
        {
            _ofRecord.Clear();
        }

        return _ofRecord[record] = found;
    }

    private HashSet<Digest> BlobsOfManifest(Digest manifest)
    {
        if (_ofBundle.TryGetValue(manifest, out var known))
        {
            return known;
        }

        HashSet<Digest> all = [.. new PushedManifests(layout, time).BlobsOf(manifest)];
        if (all.Count == 0 || DocumentsOfBundle(manifest) is not { } documents)
        {
            return all;
        }

        if (documents.Count == 0)
        {
            return documents; // it may be pushed once more
        }

        if (_ofBundle.Count >= MostKept)
        {
            _ofBundle.Clear();
        }

        return _ofBundle[manifest] = documents;
    }

    /// <returns>Null for what is no bundle, or one of which a record is not here: its blobs are nobody else's yet.</returns>
    private HashSet<Digest>? DocumentsOfBundle(Digest manifest)
    {
        var blobs = new BlobStore(layout, sync);
        try
        {
            byte[] json = blobs.Read(manifest, BundleArtifactNames.MaxManifestBytes);
            if (!BundleArtifactManifest.IsBundle(json))
            {
                return null;
            }

            var artifact = BundleArtifactManifest.Parse(json);
            var records = BundleManifest.Parse(blobs.Read(artifact.Files[0].Content.Digest, BundleLimits.Default.MaxDocumentBytes)).Records;
            using var finder = RecordFinder.Open(blobs, sync);
            return records.All(record => finder.Find(record.Record.Digest.Hex) is not null) ? [.. artifact.Documents] : null;
        }
        catch (BlobMissingException)
        {
            // Taken away with what was taken down: of its records each is judged by itself.
            return blobs.Contains(manifest) ? null : [];
        }
        catch (ArchiveException)
        {
            return null;
        }
    }

    private HashSet<Digest>? Plan(BlobStore blobs, RecordFinder finder, RecordRow row)
    {
        try
        {
            var bundle = new BundlePlanner(blobs, finder, new ImageNames(layout, blobs, sync)).Plan([row], new ExportOptions { Replays = true });
            return [.. bundle.Blobs.Select(blob => blob.Digest)];
        }
        catch (ArchiveException)
        {
            return null;
        }
    }
}
