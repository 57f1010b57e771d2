using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Exchange;

/// <summary>Takes a bundle into the archive: all of it is found good before anything of it gets a name there.</summary>
/// <remarks>
/// 1 read the manifest, and see that there is room · 2 read every file once; blobs are proved and made durable aside · 3 judge the whole ·
/// 4 give the blobs their names · 5 note what is absent · 6 keep what other logs prove of the records, then acknowledge each, as one made here,
/// those first that others need · 7 sequence · 8 name the images. Killed before step 4, nothing has changed, and another import goes on with
/// what arrived. Killed later, there are blobs that nothing names yet, and records of which each is whole; another import does the rest.
/// </remarks>
/// <param name="blobs">The archive's.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="trusted">Who is trusted here. Nothing of it comes from the bundle.</param>
/// <param name="time">For which certificates are judged.</param>
public sealed class BundleImporter(BlobStore blobs, FolderSync sync, TrustedCertificates trusted, TimeProvider time)
{
    private readonly BundleLimits _limits = BundleLimits.Default;

    /// <param name="source">Read once; not disposed of here.</param>
    /// <param name="progress">Told of bytes of blobs read, and of how many there will be.</param>
    /// <param name="cancellation">Ends reading; what has arrived stays for the next time.</param>
    /// <exception cref="BundleException">It is no bundle, or not whole. The message says what is wrong; the archive is as it was.</exception>
    /// <exception cref="QuotaException">The archive has no room for it.</exception>
    public ImportedBundle Import(BundleSource source, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        using var lease = WriterLease.TryTake(blobs.Layout)
            ?? throw new ArchiveException($"archive '{blobs.Layout.Root}': cannot be written");
        ArrivingBlobs? arriving = null;
        try
        {
            // :: Steps 1 and 2
            long done = 0;
            long total = 0;
            var bundle = new BundleIntake(source, _limits).Read(
                (manifest, bytes) =>
                {
                    total = manifest.BlobBytes;
                    ArchiveQuota.Check(blobs.Layout, time, total);
                    return arriving = new ArrivingBlobs(blobs, Digest.Of(bytes), sync);
                },
                count =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report((done += count, total));
                });

            // :: Step 3
            var check = new BundleCheck(bundle, arriving!.HolderOf, trusted, time.GetUtcNow());
            var records = check.Run();
            bundle = bundle with { Seals = check.Seals };
            var wanted = WantedNames(bundle);

            // :: Step 4
            arriving.MoveHome(bundle.Blobs.Keys);
            return Acknowledge(bundle, records, wanted) with { NewBlobs = arriving.Written, NewBytes = arriving.WrittenBytes };
        }
        catch (QuotaException)
        {
            arriving?.Discard();
            throw;
        }
        catch (ArchiveException e)
        {
            arriving?.Discard();
            throw new BundleException($"bundle '{source.Name}': {e.Message}", e);
        }
        finally
        {
            arriving?.Dispose();
        }
    }

    private ImportedBundle Acknowledge(
        ArrivedBundle bundle, IReadOnlyList<CheckedRecord> records, IReadOnlyDictionary<Digest, string> wanted)
    {
        // :: Step 5
        AbsentBlob[] absent = [.. bundle.Manifest.Absent.Where(blob => !blobs.Contains(blob.Digest))];
        if (absent.Length > 0)
        {
            DroppedBlobs.Add(blobs.Layout, [.. absent.Select(Note)], sync);
        }

        // :: Step 6
        var known = Known(records);
        Digest SignatureOf(BundledRecord listed) => known.GetValueOrDefault(listed.Record.Digest) ?? listed.Signature.Digest;
        var refused = new OriginIntake(blobs.Layout, sync).Keep(bundle, SignatureOf);
        var sealsRefused = new SealIntake(blobs.Layout, sync).Keep(bundle, SignatureOf);
        var intake = new RecordIntake(blobs, sync);
        foreach (var record in records.OrderBy(record => record.Listed.Kind).Where(record => !known.ContainsKey(record.Listed.Record.Digest)))
        {
            intake.Acknowledge(
                record.Listed.Kind,
                blobs.Read(record.Listed.Record.Digest, CanonicalJson.MaxBytes),
                blobs.Read(record.Listed.Signature.Digest, CmsVerifier.MaxSignatureBytes));
        }

        // :: Steps 7 and 8
        var sequencing = intake.SequenceIncoming();
        var names = NameImages(records, wanted);
        return new ImportedBundle
        {
            Roots = bundle.Manifest.Roots,
            Records = Report(records, known, bundle),
            BlobCount = bundle.Blobs.Count,
            BlobBytes = bundle.Blobs.Values.Sum(blob => blob.Size),
            Absent = absent,
            Names = [.. names[true]],
            NamesRefused = [.. names[false]],
            ProofsRefused = refused,
            Seals = bundle.Seals.Count,
            SealsRefused = sealsRefused,
            Sequencing = sequencing,
        };
    }

    private DroppedBlob Note(AbsentBlob blob) =>
        new() { Digest = blob.Digest, Size = blob.Size, DroppedAt = time.GetUtcNow(), LeftOut = true };

    /// <summary>Those of the records that the archive has, each with the signature that it has of it.</summary>
    private Dictionary<Digest, Digest> Known(IReadOnlyList<CheckedRecord> records)
    {
        using var finder = RecordFinder.Open(blobs, sync);
        return records.Select(record => finder.Find(record.Listed.Record.Digest.Hex)).OfType<RecordRow>().ToDictionary(row => row.Record, row => row.Signature);
    }

    /// <summary>Who is not trusted by trust/ alone may be by what came along: as the successor of somebody who is.</summary>
    private IReadOnlyList<ImportedRecord> Report(IReadOnlyList<CheckedRecord> records, Dictionary<Digest, Digest> known, ArrivedBundle bundle)
    {
        using var finder = RecordFinder.Open(blobs, sync);
        var certificates = trusted.With(blobs, finder.Evidence(), time);
        return [.. records.Select(record => Report(record with { Signature = Again(record, certificates) }, known, bundle))];
    }

    private SignatureVerification Again(CheckedRecord record, TrustedCertificates certificates) => record.Signature.IsTrusted
        ? record.Signature
        : CmsVerifier.Verify(
            blobs.Read(record.Listed.Record.Digest, CanonicalJson.MaxBytes),
            blobs.Read(record.Listed.Signature.Digest, CmsVerifier.MaxSignatureBytes),
            certificates,
            time.GetUtcNow());

    private ImportedRecord Report(CheckedRecord record, Dictionary<Digest, Digest> known, ArrivedBundle bundle) => new()
    {
        Record = record.Listed.Record.Digest,
        Kind = record.Listed.Kind,
        IsNew = !known.ContainsKey(record.Listed.Record.Digest),
        Signature = record.Signature,
        KeptSigner = KeptSigner(record, known),
        Proof = bundle.Proofs.TryGetValue(record.Listed.Record.Digest, out byte[]? proof) ? (ReadOnlyMemory<byte>?)proof : null,
        Origins = [.. bundle.OriginsOf(record.Listed).Select(origin => new ReadOnlyMemory<byte>(origin))],
    };

    /// <summary>Only a statement of before signers were named can have two: the first is kept, and this is told of.</summary>
    private SignerCertificate? KeptSigner(CheckedRecord record, Dictionary<Digest, Digest> known)
    {
        var listed = record.Listed;
        if (known.GetValueOrDefault(listed.Record.Digest) is not { } signature || signature == listed.Signature.Digest)
        {
            return null;
        }

        var kept = Signer.Verify(
            blobs.Read(listed.Record.Digest, CanonicalJson.MaxBytes), blobs.Read(signature, CmsVerifier.MaxSignatureBytes)).Signer;
        return kept?.PublicKey == record.Signature.Signer?.PublicKey ? null : kept;
    }

    /// <summary>Lists the images that are here whole. A name that the archive has for another image stays that one's.</summary>
    /// <returns>Names that were taken, and under false those that were not.</returns>
    private ILookup<bool, string> NameImages(IReadOnlyList<CheckedRecord> records, IReadOnlyDictionary<Digest, string> wanted)
    {
        var names = new ImageNames(blobs.Layout, blobs, sync);
        var outcome = new List<(string Name, bool Taken)>();
        foreach (var record in records.Where(record => record.Image is { } described && RecordBlobs.Of(described).All(blob => blobs.Contains(blob.Digest))))
        {
            var image = ImportedImage.Of(record.Image!);
            string? name = wanted.GetValueOrDefault(image.Manifest.Digest);
            bool isFree = name is null || (names.FindIndex(name) is null
                && names.List().All(other => other.Name != name || other.Manifest.Digest == image.Manifest.Digest));
            names.Set(isFree ? name : null, image, record.Listed.Record.Digest);
            if (name is not null)
            {
                outcome.Add((name, isFree));
            }
        }

        return outcome.ToLookup(named => named.Taken, named => named.Name);
    }

    /// <summary>What is no name of an image here is passed over: the index is nobody's signed word.</summary>
    private static Dictionary<Digest, string> WantedNames(ArrivedBundle bundle)
    {
        var wanted = new Dictionary<Digest, string>();
        var listed = bundle.Index is null ? [] : OciReader.ReadDocument(bundle.Index, BundleNames.OciIndex).Manifests ?? [];
        foreach (var entry in listed)
        {
            if (Digest.TryParse(entry.Digest, out var manifest)
                && entry.Annotation(ImageAnnotations.Name) is { } name && ImageNames.IsName(name))
            {
                wanted.TryAdd(manifest, name);
            }
        }

        return wanted;
    }
}
