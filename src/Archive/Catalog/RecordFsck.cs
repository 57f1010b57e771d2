using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Catalog;

/// <summary>Reads every record the log holds: its statement, its signature, and whether all that it says is kept is there.</summary>
/// <remarks>That each blob is what its name says is <see cref="BlobFsck"/>'s work; SHA-512 is compared by <c>prov verify</c>.</remarks>
internal sealed class RecordFsck(BlobStore blobs, TransparencyLog log, long size)
{
    private readonly RecordReader _reader = new(blobs);
    private readonly HashSet<Digest> _seen = [];
    private readonly List<FsckFinding> _findings = [];
    private readonly DroppedBlobs _dropped = new(blobs.Layout);
    private readonly List<DroppedBlob> _goneFromRecord = [];

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

            _goneFromRecord.Clear();
            Check(subject, _reader.Read(leaf));
            TellDropped(subject);
        }
        catch (ArchiveException e)
        {
            Damage(subject, e.Message);
        }
    }

    /// <summary>One sentence for each record, not for each of a thousand outputs.</summary>
    private void TellDropped(string subject)
    {
        if (_goneFromRecord.Count > 0)
        {
            string what = _goneFromRecord.Count == 1 ? "1 blob that it names was" : $"{_goneFromRecord.Count} blobs that it names were";
            _findings.Add(new FsckFinding(FsckSeverity.Note, subject, $"{what} {DroppedBlobs.FateOf(_goneFromRecord)}"));
        }
    }

    /// <summary>What nothing can be understood without is never dropped.</summary>
    private bool WasDropped(Digest digest, bool mayBeDropped)
    {
        if (!mayBeDropped || _dropped.Find(digest) is not { } note)
        {
            return false;
        }

        _goneFromRecord.Add(note);
        return true;
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
                CheckNamed(subject, RecordBlobs.Of(RecordJson.ParseImage(signed.Statement.Span).Predicate), _ => true);
                break;
            case RecordKind.Run:
                Check(subject, RecordJson.ParseRun(signed.Statement.Span).Predicate);
                break;
            case RecordKind.Endorsement:
                var endorsed = RecordJson.ParseEndorsement(signed.Statement.Span).Predicate.Record;
                CheckNamed(subject, [endorsed.ToDescriptor(MediaTypes.Statement)], _ => false);
                break;
            case RecordKind.Citation:
                var cited = RecordJson.ParseCitation(signed.Statement.Span).Predicate.Run;
                CheckNamed(subject, [cited.ToDescriptor(MediaTypes.Statement)], _ => false);
                break;
            case RecordKind.Tombstone:
                var takenDown = RecordJson.ParseTombstone(signed.Statement.Span).Predicate.Record;
                CheckNamed(subject, [takenDown.ToDescriptor(MediaTypes.Statement)], _ => false);
                break;
            case RecordKind.Rotation or RecordKind.Revocation:
                CheckNamed(subject, RecordBlobs.Of(RecordJson.ParsePredicate(signed.Kind, signed.Statement.Span)), _ => false);
                break;
            default:
                CheckNamed(subject, RecordBlobs.Of(RecordJson.ParseReplay(signed.Statement.Span).Predicate), _ => true);
                break;
        }
    }

    private void Check(string subject, RunRecord run)
    {
        var contents = RecordBlobs.ContentsOf(run).ToHashSet();
        CheckNamed(subject, RecordBlobs.Of(run), contents.Contains);
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

    private void CheckNamed(string subject, IEnumerable<Descriptor> named, Predicate<Descriptor> mayBeDropped)
    {
        foreach (var blob in named)
        {
            var file = new FileInfo(blobs.Layout.BlobPath(blob.Digest));
            if (!file.Exists)
            {
                if (WasDropped(blob.Digest, mayBeDropped(blob)))
                {
                    continue;
                }

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
            if (!Digest.TryParseHex(digest?.Sha256, out var kept) || (!blobs.Contains(kept) && !WasDropped(kept, mayBeDropped: true)))
            {
                Damage(subject, $"says that '{digest?.Sha256}' is kept, which is not there");
            }
        }
    }

    private void Damage(string subject, string message) =>
        _findings.Add(new FsckFinding(FsckSeverity.Damage, subject, message));
}
