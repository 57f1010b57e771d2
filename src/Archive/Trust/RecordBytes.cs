using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Trust;

/// <summary>Reads every blob that a statement names, and compares each with everything the statement says of it.</summary>
/// <param name="blobs">The archive.</param>
/// <param name="scope">How far it goes.</param>
/// <param name="onOneThread">See <see cref="RecordVerifier.OnOneThread"/>.</param>
internal sealed class RecordBytes(BlobStore blobs, VerificationScope scope, bool onOneThread)
{
    private readonly List<Descriptor> _named = [];
    private readonly List<BlobProblem> _problems = [];
    private readonly DroppedBlobs _notes = new(blobs.Layout);

    /// <summary>Contents and images that gc removed, or that a bundle came without: the record is none the worse for it.</summary>
    private readonly HashSet<Digest> _mayBeDropped = [];

    private readonly List<DroppedBlob> _dropped = [];
    private string _lookAlikes = "";

    public VerificationCheck Check(byte[] statement)
    {
        try
        {
            if (RecordJson.FindKind(statement) is null)
            {
                return new VerificationCheck
                {
                    Name = "bytes",
                    Outcome = CheckOutcome.NotUnderstood,
                    Detail = "its predicateType is none that this program knows: what it names cannot be told",
                };
            }

            Collect(statement);
        }
        catch (RecordFormatException e)
        {
            _problems.Add(new BlobProblem(e.Message, IsMissing: false));
        }

        var blobsOnce = _named.DistinctBy(blob => (blob.Digest, blob.Size, blob.Sha512)).ToList();
        Try(() => blobsOnce.RemoveAll(WasDropped));
        _problems.AddRange(onOneThread
            ? blobsOnce.Select(Problem).OfType<BlobProblem>()
            : blobsOnce.AsParallel().AsOrdered().Select(Problem).OfType<BlobProblem>());
        return new VerificationCheck
        {
            Name = "bytes",
            Outcome = _problems.Count == 0 ? CheckOutcome.Ok
                : _problems.TrueForAll(problem => problem.IsMissing) ? CheckOutcome.Incomplete
                : CheckOutcome.Failed,
            Detail = Detail(blobsOnce),
            Problems = [.. _problems.Select(problem => problem.Text)],
        };
    }

    private void Collect(byte[] statement)
    {
        var kind = RecordJson.KindOf(statement);
        switch (kind)
        {
            case RecordKind.Image:
                _named.AddRange(RecordBlobs.Of(RecordJson.ParseImage(statement).Predicate));
                _mayBeDropped.UnionWith(_named.Select(blob => blob.Digest));
                break;
            case RecordKind.Run:
                Collect(RecordJson.ParseRun(statement).Predicate);
                break;
            case RecordKind.Endorsement:
                _named.Add(RecordJson.ParseEndorsement(statement).Predicate.Record.ToDescriptor(MediaTypes.Statement));
                break;
            case RecordKind.Citation:
                _named.Add(RecordJson.ParseCitation(statement).Predicate.Run.ToDescriptor(MediaTypes.Statement));
                break;
            case RecordKind.Tombstone:
                _named.Add(RecordJson.ParseTombstone(statement).Predicate.Record.ToDescriptor(MediaTypes.Statement));
                break;
            case RecordKind.Rotation or RecordKind.Revocation:
                _named.AddRange(RecordBlobs.Of(RecordJson.ParsePredicate(kind, statement)));
                break;
            default:
                var replay = RecordJson.ParseReplay(statement).Predicate;
                _named.AddRange(RecordBlobs.Of(replay));
                _mayBeDropped.UnionWith(RecordBlobs.ContentsOf(replay).Select(blob => blob.Digest));
                Named(replay.Run, MediaTypes.Statement);
                break;
        }
    }

    private void Collect(RunRecord run)
    {
        _named.AddRange(RecordBlobs.Of(run));
        _mayBeDropped.UnionWith(RecordBlobs.ContentsOf(run).Select(blob => blob.Digest));
        Named(run.Image.Manifest, MediaTypes.ImageManifest);
        Named(run.Image.Tree, MediaTypes.JsonLines);
        Named(run.Image.Record, MediaTypes.Statement);
        Kept(run.Used, RecordLines.ReadUsed, file => file.Path, file => file.Kept ? (file.Digest, file.Size) : null);
        Kept(run.Generated, RecordLines.ReadGenerated, file => file.Path, file => file.Kept ? (file.Digest, file.Size) : null);
        if (scope == VerificationScope.RecordAndImage)
        {
            Try(() => Collect(RecordJson.ParseImage(blobs.Read(run.Image.Record, CanonicalJson.MaxBytes)).Predicate));
        }
    }

    private void Collect(ImageRecord image)
    {
        _named.AddRange(RecordBlobs.Of(image));
        _mayBeDropped.UnionWith(image.Layers.Select(layer => layer.Blob.Digest));
    }

    /// <summary>Named by digest alone, so that its size is whatever it has.</summary>
    private void Named(Digest digest, string mediaType) => Try(() =>
        _named.Add(new Descriptor { MediaType = mediaType, Digest = digest, Size = blobs.SizeOf(digest) }));

    private void Kept<T>(
        FileList list, Func<Stream, IEnumerable<T>> read, Func<T, string> pathOf, Func<T, (DigestSet? Digest, long Size)?> kept) => Try(() =>
    {
        if (list.Blob is null)
        {
            return;
        }

        using var lines = blobs.Open(list.Blob);
        var paths = new LookAlikePaths();
        foreach (var file in read(lines))
        {
            paths.Add(pathOf(file));
            if (kept(file) is var (digest, size))
            {
                var named = Descriptor(digest, size);
                _named.Add(named);
                _mayBeDropped.Add(named.Digest);
            }
        }

        _lookAlikes += paths.Describe();
    });

    private static Descriptor Descriptor(DigestSet? digest, long size) => new()
    {
        MediaType = MediaTypes.OctetStream,
        Digest = Digest.TryParseHex(digest?.Sha256, out var sha256)
            ? sha256
            : throw new RecordFormatException("list of files", "a kept file has no digest"),
        Size = size,
        Sha512 = digest.Sha512,
    };

    private bool WasDropped(Descriptor blob)
    {
        if (!_mayBeDropped.Contains(blob.Digest) || _notes.Find(blob.Digest) is not { } note)
        {
            return false;
        }

        _dropped.Add(note);
        return true;
    }

    private BlobProblem? Problem(Descriptor blob)
    {
        try
        {
            using var content = blobs.Open(blob);
            content.CopyTo(Stream.Null, 1 << 17);
            return null;
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return BlobProblem.Of(e);
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            _problems.Add(BlobProblem.Of(e));
        }
    }

    private string DroppedDetail() => _dropped.Count > 0 ? $"; {_dropped.Count} more {DroppedBlobs.FateOf(_dropped)}" : "";

    private string Detail(List<Descriptor> checkedBlobs) => _problems.Count switch
    {
        0 => $"{checkedBlobs.Count} blobs, {checkedBlobs.Sum(blob => blob.Size)} bytes, as the record names them{DroppedDetail()}{_lookAlikes}",
        1 => _problems[0].Text,
        _ => $"{_problems[0].Text}; and {_problems.Count - 1} more",
    };
}
