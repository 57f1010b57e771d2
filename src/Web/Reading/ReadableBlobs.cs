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
/// these would have. What was taken down is hidden from everybody in the same way.
/// </remarks>
internal sealed class ReadableBlobs(StoreLayout layout, FolderSync sync, TimeProvider time, Audience audience)
{
    private const int MostKept = 100_000;

    /// <summary>A record never changes, nor what it names.</summary>
    private readonly ConcurrentDictionary<Digest, HashSet<Digest>> _ofRecord = new();

    /// <param name="reader">Of the request.</param>
    /// <param name="blob">Whether it is in the archive or not.</param>
    /// <remarks>Both are always asked, so that how long it takes says nothing.</remarks>
    public bool May(Reader reader, Digest blob)
    {
        bool isTakenDown = false;
        foreach (var record in reader.Scope.TakenDown)
        {
            isTakenDown |= record == blob || BlobsOf(record)?.Contains(blob) != false;
        }

        if (reader.Scope.Shown is { } shown)
        {
            return shown.Any(record => BlobsOf(record)?.Contains(blob) == true) && (!isTakenDown || IsShown(reader.Finder, blob));
        }

        bool isHidden = isTakenDown;
        foreach (var record in reader.Scope.Hidden)
        {
            isHidden |= record == blob || BlobsOf(record)?.Contains(blob) != false;
        }

        bool isShown = IsShown(reader.Finder, blob);
        return isShown || !isHidden;
    }

    private bool IsShown(RecordFinder finder, Digest blob) =>
        new PushedManifests(layout, time).ShowsTo(blob, audience.Owner)
        | finder.Find(blob.Hex) is not null
        | finder.FilesByDigest(blob.Hex, 1).Count > 0
        | finder.ImagesByDigest(blob).Count > 0;

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
                .. new PushedManifests(layout, time).BlobsOf(record),
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
