using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Care;

/// <summary>Makes entries of records that wait again, where the file in <c>incoming/</c> is no entry any more. The caller holds the archive's lock.</summary>
/// <remarks>
/// The file's name says which record it is of. 1 another archive or a bundle may know the entry · 2 else the statement says the kind, and the
/// signature is looked for among the small blobs: it is over the statement or it is not.
/// </remarks>
internal sealed class IncomingRepair(BlobStore blobs, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    private readonly IncomingRecords _incoming = new(blobs.Layout, sync);

    public IReadOnlyList<Repair> Run()
    {
        var repairs = new List<Repair>();
        foreach (var record in _incoming.List().Where(IsBroken))
        {
            if ((FindElsewhere(record) ?? MakeAgain(record)) is not var (leaf, how))
            {
                continue;
            }

            string? aside = quarantine.Keep(Path.Combine(blobs.Layout.Incoming, record.Hex));
            _incoming.Drop(leaf, _incoming.Prepare(leaf));
            repairs.Add(Repair.Replacing($"incoming/{record.Hex}", how, aside));
        }

        return repairs;
    }

    private bool IsBroken(Digest record)
    {
        try
        {
            _incoming.Find(record);
            return false;
        }
        catch (ArchiveException)
        {
            return true;
        }
    }

    /// <summary>:: Step 1. Its blobs are proved, or fetched, like those of every entry.</summary>
    private (LogLeaf Leaf, string How)? FindElsewhere(Digest record)
    {
        (LogLeaf, string)? found = null;
        sources.Ask(source =>
        {
            if (found is null
                && ((source.Layout is { } other ? new IncomingRecords(other, sync).Find(record) : null)
                    ?? source.Leaves().FirstOrDefault(leaf => leaf.Record.Digest == record)) is { } leaf)
            {
                found = (leaf, $"as '{source.Name}' has it");
            }
        });
        return found;
    }

    /// <summary>:: Step 2.</summary>
    private (LogLeaf Leaf, string How)? MakeAgain(Digest record)
    {
        try
        {
            byte[] statement = blobs.Read(record, CanonicalJson.MaxBytes);
            return FindSignature(statement) is { } signature
                ? (new LogLeaf { Kind = RecordJson.KindOf(statement), Record = LeafBlob.Of(statement), Signature = LeafBlob.Of(signature) },
                    "made again from the record and the signature that is over it")
                : null;
        }
        catch (ArchiveException)
        {
            return null; // no statement, or a damaged one
        }
    }

    private byte[]? FindSignature(byte[] statement)
    {
        var nobody = TrustedCertificates.FromFiles([]);
        return blobs.Enumerate()
            .Where(blob => blobs.SizeOf(blob) <= CmsVerifier.MaxSignatureBytes)
            .Select(TryRead)
            .FirstOrDefault(bytes => bytes is [0x30, ..]
                && CmsVerifier.Verify(statement, bytes, nobody, DateTimeOffset.UnixEpoch).Outcome == SignatureOutcome.Valid);
    }

    private byte[]? TryRead(Digest blob)
    {
        try
        {
            return blobs.Read(blob, CmsVerifier.MaxSignatureBytes);
        }
        catch (ArchiveException)
        {
            return null;
        }
    }
}
