using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Exchange;

/// <summary>Chooses what goes into a bundle: the records asked for, those they need, and every blob that these name.</summary>
/// <param name="blobs">The archive's.</param>
/// <param name="finder">Finds records.</param>
/// <param name="names">The archive's images by name.</param>
/// <param name="proofs">What the log can prove; null where it proves nothing that goes along, nor a seal.</param>
public sealed class BundlePlanner(BlobStore blobs, RecordFinder finder, ImageNames names, LogProofSource? proofs = null)
{
    private readonly RevocationPlanner _lists = new(blobs, finder);

    /// <param name="roots">The records asked for.</param>
    /// <param name="options">What goes along.</param>
    /// <exception cref="BundleException">Something that a record cannot be understood without is missing.</exception>
    /// <exception cref="ArchiveException">A record is missing, or is not what its name says.</exception>
    public Bundle Plan(IReadOnlyCollection<RecordRow> roots, ExportOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(roots.Count);
        var records = Gather(roots, options).Values
            .OrderBy(record => record.Listed.Kind)
            .ThenBy(record => record.Listed.Record.Sha256, StringComparer.Ordinal)
            .ToList();
        var named = new NamedBlobs(blobs.Open);
        foreach (var record in records)
        {
            named.Add(record.Listed, record.Predicate);
        }

        var (present, absent) = Divide(named, options);
        var sealing = new SealPlanner(blobs.Layout);
        var seals = proofs is null ? [] : sealing.Choose(records.Select(record => (record.Leaf, record.LogIndex)));
        return new Bundle
        {
            Manifest = new BundleManifest
            {
                Format = BundleManifest.FormatV1,
                Roots = [.. roots.Select(row => row.Record).Distinct().OrderBy(record => record.Hex, StringComparer.Ordinal)],
                Records = [.. records.Select(record => record.Listed)],
                BlobCount = present.Count,
                BlobBytes = present.Sum(blob => blob.Size),
                Absent = absent,
                Seals = seals.Count == 0 ? null : [.. seals.Select(seal => seal.Listed)],
            },
            Stem = roots.First().Record.Abbreviated,
            Records = records,
            Blobs = present,
            ImageNames = NamesOf(records),
            Seals = seals,
            SealsLeftOut = sealing.LeftOut,
        };
    }

    private Dictionary<Digest, PackedRecord> Gather(IEnumerable<RecordRow> roots, ExportOptions options)
    {
        var packed = new Dictionary<Digest, PackedRecord>();
        var waiting = new Queue<RecordRow>(roots);
        while (waiting.TryDequeue(out var row))
        {
            if (packed.ContainsKey(row.Record))
            {
                continue;
            }

            var record = Read(row);
            packed.Add(row.Record, record);
            foreach (var next in NeededBy(record, options))
            {
                waiting.Enqueue(next);
            }
        }

        return packed;
    }

    private IEnumerable<RecordRow> NeededBy(PackedRecord record, ExportOptions options)
    {
        foreach (var endorsement in finder.EndorsementsOf(record.Signed.Record))
        {
            yield return finder.Get(endorsement.Record.Hex);
        }

        foreach (var citation in finder.CitationsOf(record.Signed.Record))
        {
            yield return finder.Get(citation.Record.Hex);
        }

        foreach (var tombstone in finder.TombstonesOf(record.Signed.Record.Hex))
        {
            yield return finder.Get(tombstone.Record.Hex);
        }

        if (record.Predicate is TombstoneRecord tombstoneOf)
        {
            yield return finder.Get(tombstoneOf.Record.Sha256);
        }

        if (record.Predicate is CitationRecord cites)
        {
            yield return finder.Get(cites.Run.Sha256);
        }

        // What whoever takes it in may need to trust the signer by, or not to.
        foreach (var evidence in finder.RotationsTo(record.Signer.Certificate).Concat(_lists.Choose(record)))
        {
            yield return evidence;
        }

        if (record.Predicate is EndorsementRecord endorses)
        {
            yield return finder.Get(endorses.Record.Sha256);
        }

        if (record.Predicate is ReplayRecord replay)
        {
            yield return finder.Get(replay.Run.Hex);
            if (replay.NoiseFloor is { } second && finder.Find(second.Hex) is { } row)
            {
                yield return row;
            }
        }

        if (record.Predicate is not RunRecord run)
        {
            yield break;
        }

        yield return finder.Find(run.Image.Record.Hex) ?? throw new BundleException(
            $"run '{record.Signed.Record.Abbreviated}': its image record '{run.Image.Record.Abbreviated}' is not in this archive");
        var further = options.Replays ? finder.ReplaysOf(record.Signed.Record).Select(found => found.Record) : [];
        if (options.Chain)
        {
            further = further.Concat(new LineageFinder(finder, LineageLimits.Default)
                .From(record.Signed.Record, LineageDirection.Up).Nodes.Select(node => node.Run.Record));
        }

        foreach (var found in further.ToList())
        {
            yield return finder.Get(found.Hex);
        }
    }

    private PackedRecord Read(RecordRow row)
    {
        var signed = finder.Read(row);
        string subject = $"{StatementTypes.NameOf(row.Kind)} record '{row.Record.Abbreviated}'";
        var signer = Signer.Of(signed) ?? throw new BundleException($"{subject}: its signature does not hold");
        byte[]? proof = proofs?.Invoke(row);
        var origins = proofs is null ? [] : finder.OriginsOf(row).Where(origin => !origin.Bytes.Span.SequenceEqual(proof)).ToList();
        var listed = new BundledRecord
        {
            Kind = row.Kind,
            Record = LeafBlob.Of(signed.Statement.Span),
            Signature = LeafBlob.Of(signed.Signature.Span),
            Proof = proof is null ? null : LeafBlob.Of(proof),
            Origins = origins.Count == 0 ? null : [.. origins.Select(origin => LeafBlob.Of(origin.Bytes.Span))],
        };
        return new PackedRecord(signed, RecordJson.ParsePredicate(signed.Kind, signed.Statement.Span), signer, listed, proof, origins)
        {
            LogIndex = row.LogIndex,
        };
    }

    private (IReadOnlyList<Descriptor> Present, IReadOnlyList<AbsentBlob> Absent) Divide(NamedBlobs named, ExportOptions options)
    {
        var dropped = new DroppedBlobs(blobs.Layout);
        var present = new List<Descriptor>();
        var absent = new List<AbsentBlob>();
        foreach (var blob in named.All.Values.OrderBy(blob => blob.Blob.Digest.Hex, StringComparer.Ordinal))
        {
            if (blob.IsOnlyLayer && !options.Layers)
            {
                absent.Add(Absent(blob, AbsenceReason.LeftOut));
            }
            else if (blobs.Contains(blob.Blob.Digest))
            {
                present.Add(blob.Blob);
            }
            else
            {
                absent.Add(blob.MayBeAbsent && dropped.Find(blob.Blob.Digest) is not null
                    ? Absent(blob, AbsenceReason.Dropped)
                    : throw new BlobMissingException(blob.Blob.Digest));
            }
        }

        return (present, absent);
    }

    private static AbsentBlob Absent(NamedBlob blob, AbsenceReason reason) =>
        new() { Digest = blob.Blob.Digest, Size = blob.Blob.Size, Reason = reason };

    /// <summary>The name a run called its image by, where it is one; else the archive's. No name twice: it would name nothing.</summary>
    private Dictionary<Digest, string> NamesOf(IReadOnlyList<PackedRecord> records)
    {
        var listed = names.List().Where(image => image.Name is not null).Select(image => (image.Manifest.Digest, Name: image.Name!));
        var called = records.Select(record => record.Predicate).OfType<RunRecord>()
            .Where(run => ImageNames.IsName(run.Image.Reference))
            .Select(run => (Digest: run.Image.Manifest, Name: run.Image.Reference));
        var wanted = records.Select(record => record.Predicate).OfType<ImageRecord>().Select(image => image.Manifest.Digest).ToHashSet();
        var chosen = new Dictionary<Digest, string>();
        foreach (var (manifest, name) in called.Concat(listed).Where(image => wanted.Contains(image.Digest)))
        {
            if (!chosen.ContainsValue(name))
            {
                chosen.TryAdd(manifest, name);
            }
        }

        return chosen;
    }
}
