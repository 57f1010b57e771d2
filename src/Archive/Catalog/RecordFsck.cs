using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Reads every record the log holds: its statement, its signature, and whether all that it says is kept is there.</summary>
/// <remarks>That each blob is what its name says is <see cref="BlobFsck"/>'s work; SHA-512 is compared by <c>prov verify</c>.</remarks>
internal sealed class RecordFsck(BlobStore blobs, TransparencyLog log, long size)
{
    private readonly RecordReader _reader = new(blobs);
    private readonly HashSet<Digest> _seen = [];
    private readonly List<FsckFinding> _findings = [];

    public IReadOnlyList<FsckFinding> Check(CancellationToken cancellation)
    {
        try
        {
            long index = 0;
            foreach (byte[] entry in log.Entries(0, size))
            {
                cancellation.ThrowIfCancellationRequested();
                Check(index++, entry);
            }
        }
        catch (LogException)
        {
            // A bundle that is missing or broken has been found by LogFsck.
        }

        return _findings;
    }

    private void Check(long index, byte[] entry)
    {
        string subject = $"log entry {index}";
        try
        {
            var leaf = LogLeaf.Parse(entry);
            subject = $"record {leaf.Record.Digest.Abbreviated}";
            if (!_seen.Add(leaf.Record.Digest))
            {
                Damage(subject, "stands in the log twice");
            }

            Check(subject, _reader.Read(leaf));
        }
        catch (ArchiveException e)
        {
            Damage(subject, e.Message);
        }
    }

    private void Check(string subject, SignedStatement signed)
    {
        var verification = Signer.Verify(signed.Statement, signed.Signature);
        if (verification.Outcome != SignatureOutcome.Valid)
        {
            Damage(subject, $"its signature {verification.Problem}");
        }

        switch (signed.Kind)
        {
            case RecordKind.Image:
                CheckNamed(subject, RecordBlobs.Of(RecordJson.ParseImage(signed.Statement.Span).Predicate));
                break;
            case RecordKind.Run:
                Check(subject, RecordJson.ParseRun(signed.Statement.Span).Predicate);
                break;
            default:
                CheckNamed(subject, RecordBlobs.Of(RecordJson.ParseReplay(signed.Statement.Span).Predicate));
                break;
        }
    }

    private void Check(string subject, RunRecord run)
    {
        CheckNamed(subject, RecordBlobs.Of(run));
        CheckKept(subject, run.Used, lines =>
            RecordLines.ReadUsed(lines).Where(file => file.Kept).Select(file => file.Digest));
        CheckKept(subject, run.Generated, lines =>
            RecordLines.ReadGenerated(lines).Where(file => file.Kept).Select(file => file.Digest));
        if (!blobs.Contains(run.Image.Record))
        {
            // A run can be taken in without its image; it cannot be replayed before that is here too.
            _findings.Add(new FsckFinding(
                FsckSeverity.Note, subject, $"its image, record {run.Image.Record.Abbreviated}, is not in this archive"));
        }
    }

    private void CheckNamed(string subject, IEnumerable<Descriptor> named)
    {
        foreach (var blob in named)
        {
            var file = new FileInfo(blobs.Layout.BlobPath(blob.Digest));
            if (!file.Exists)
            {
                Damage(subject, $"names blob '{blob.Digest}', which is not there");
            }
            else if (file.Length != blob.Size)
            {
                Damage(subject, $"names blob '{blob.Digest}' of {blob.Size} bytes, it has {file.Length}");
            }
        }
    }

    private void CheckKept(string subject, FileList list, Func<Stream, IEnumerable<DigestSet?>> read)
    {
        if (list.Blob is null || !blobs.Contains(list.Blob.Digest))
        {
            return;
        }

        using var lines = blobs.Open(list.Blob);
        foreach (var digest in read(lines))
        {
            if (!Digest.TryParseHex(digest?.Sha256, out var kept) || !blobs.Contains(kept))
            {
                Damage(subject, $"says that '{digest?.Sha256}' is kept, which is not there");
            }
        }
    }

    private void Damage(string subject, string message) =>
        _findings.Add(new FsckFinding(FsckSeverity.Damage, subject, message));
}
