using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Removes blobs that nothing needs. Records, signatures and the log are never touched.</summary>
/// <remarks>
/// 1 one gc at a time · 2 note the moment, then since when living processes have been writing: nothing younger than the oldest is taken ·
/// 3 read what records and names need · 4 note durably what is to go and is named by a record · 5 remove, each blob held alone and looked at
/// once more · 6 take back the notes of what stayed.
/// Killed between any two of these, the archive is sound: a note without a removal says nothing, for the blob is there.
/// </remarks>
public sealed class GarbageCollector(BlobStore blobs, FolderSync sync, TimeProvider clock)
{
    private readonly StoreLayout _layout = blobs.Layout;

    /// <exception cref="ArchiveException">Another gc is at work, the archive cannot be written, or a record cannot be read.</exception>
    public GcReport Collect(GcOptions options, CancellationToken cancellation)
    {
        // :: Step 1
        using var held = ArchiveLock.TryTake(_layout, _layout.GcLock)
            ?? throw new ArchiveException($"archive '{_layout.Root}': another gc is at work");

        // :: Step 2
        using var own = WriterLease.TryTake(_layout)
            ?? throw new ArchiveException($"archive '{_layout.Root}': cannot be written");
        var living = WriterLease.Living(_layout);
        var before = living.Select(lease => lease.Since).Append(own.Since - options.OlderThan).Min();

        // :: Step 3
        var references = new ReferenceReader(blobs, sync, options, clock.GetUtcNow())
            .Read(living.Select(lease => lease.Image).OfType<Digest>(), cancellation);
        var sweep = new Sweep(_layout, references, before);
        if (!options.DryRun)
        {
            // :: Step 4
            var noted = new DroppedBlobs(_layout).Noted;
            var going = sweep.Named.Select(file => new DroppedBlob
            {
                Digest = file.Digest,
                Size = file.Bytes,
                DroppedAt = clock.GetUtcNow(),
            }).ToList();
            Note(noted.Values.Concat(going), noted.Count + going.Count);

            // :: Step 5
            sweep.Remove(cancellation);

            // :: Step 6
            Note(new DroppedBlobs(_layout).Noted.Values.Where(note => !blobs.Contains(note.Digest)), noted.Count + going.Count);
        }

        return sweep.Report(options.DryRun) with { Leftovers = new Leftovers(_layout, before).Remove(options.DryRun) };
    }

    /// <summary>The last note of a blob counts: it may have come back and gone again.</summary>
    private void Note(IEnumerable<DroppedBlob> blobsGone, int atMost)
    {
        if (atMost > 0)
        {
            DroppedBlobs.Write(_layout, [.. blobsGone.GroupBy(blob => blob.Digest).Select(notes => notes.Last())], sync);
        }
    }
}
