using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Care;

/// <summary>Finds which blobs the records and the names of images need that are missing or damaged, with all that is said of them.</summary>
/// <remarks>Only signed records tell a SHA-512; of what an image that another tool put here is made of there is none.</remarks>
/// <param name="blobs">The archive's.</param>
/// <param name="damaged">Blobs that are not what their names say.</param>
internal sealed class WantedBlobs(BlobStore blobs, IReadOnlySet<Digest> damaged)
{
    /// <summary>An index may list indexes; deeper ones than this are no image of anybody.</summary>
    private const int MaxDepth = 4;

    private readonly Dictionary<Digest, Descriptor> _all = [];
    private readonly DroppedBlobs _dropped = new(blobs.Layout);
    private readonly RecordReader _reader = new(blobs);

    public IReadOnlyDictionary<Digest, Descriptor> All => _all;

    /// <summary>Cleared when something could not be read that may name blobs.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Reads the log bundle by bundle, so that a broken one hides no other.</summary>
    public void AddLog(TransparencyLog log)
    {
        long size = 0;
        Try(() => size = log.Size);
        for (long first = 0; first < size; first += TilePath.FullWidth)
        {
            long last = Math.Min(size, first + TilePath.FullWidth);
            Try(() =>
            {
                foreach (byte[] entry in log.Entries(first, last))
                {
                    Try(() => Add(LogLeaf.Parse(entry)));
                }
            });
        }
    }

    public void AddIncoming(IncomingRecords incoming)
    {
        foreach (var record in incoming.List())
        {
            Try(() =>
            {
                if (incoming.Find(record) is { } leaf)
                {
                    Add(leaf);
                }
            });
        }
    }

    public void AddIndex() => Try(() =>
    {
        foreach (var listed in IndexFile.Read(blobs.Layout))
        {
            AddOci(listed, 0);
        }
    });

    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (ArchiveException)
        {
            IsComplete = false; // fsck tells of it
        }
    }

    private bool IsGood(Digest digest) => !damaged.Contains(digest) && blobs.Contains(digest);

    private void Add(LogLeaf leaf)
    {
        Want(leaf.Record.ToDescriptor(MediaTypes.Statement));
        Want(leaf.Signature.ToDescriptor(MediaTypes.CmsSignature));
        if (!IsGood(leaf.Record.Digest) || !IsGood(leaf.Signature.Digest))
        {
            IsComplete = false;
            return;
        }

        var signed = _reader.Read(leaf);
        object predicate = RecordJson.ParsePredicate(signed.Kind, signed.Statement.Span);
        bool isImage = predicate is ImageRecord;
        var contents = RecordBlobs.ContentsOf(predicate).Select(blob => blob.Digest).ToHashSet();
        foreach (var blob in RecordBlobs.Of(predicate))
        {
            Want(blob, mayBeDropped: isImage || contents.Contains(blob.Digest));
        }

        if (predicate is RunRecord run)
        {
            AddKept(run.Used, lines => RecordLines.ReadUsed(lines).Select(file => (file.Kept, file.Digest, file.Size)));
            AddKept(run.Generated, lines => RecordLines.ReadGenerated(lines).Select(file => (file.Kept, file.Digest, file.Size)));
        }
    }

    private void AddKept(FileList list, Func<Stream, IEnumerable<(bool Kept, DigestSet? Digest, long Size)>> read)
    {
        if (list.Blob is null)
        {
            return;
        }

        if (!IsGood(list.Blob.Digest))
        {
            IsComplete = false;
            return;
        }

        using var lines = blobs.Open(list.Blob);
        foreach (var (_, digests, size) in read(lines).Where(file => file.Kept))
        {
            if (Digest.TryParseHex(digests?.Sha256, out var digest))
            {
                Want(new Descriptor { MediaType = MediaTypes.OctetStream, Digest = digest, Size = size, Sha512 = digests.Sha512 }, mayBeDropped: true);
            }
        }
    }

    /// <summary>What a manifest or an index says it is made of.</summary>
    private void AddOci(OciDescriptor? listed, int depth)
    {
        if (depth > MaxDepth || listed is not { Size: { } size } || !Digest.TryParse(listed.Digest, out var digest))
        {
            return;
        }

        Want(new Descriptor { MediaType = MediaTypes.OctetStream, Digest = digest, Size = size }, mayBeDropped: depth > 0);
        bool isDocument = listed.MediaType is { } type
            && (type.Contains("manifest", StringComparison.Ordinal) || type.Contains("index", StringComparison.Ordinal));
        if (!isDocument || !IsGood(digest) || size > ImportLimits.Default.MaxJsonBytes)
        {
            return;
        }

        Try(() =>
        {
            var document = OciReader.ReadDocument(blobs.Read(digest, ImportLimits.Default.MaxJsonBytes), $"manifest '{digest}'");
            foreach (var part in (document.Layers ?? []).Prepend(document.Config).Concat(document.Manifests ?? []))
            {
                AddOci(part, depth + 1);
            }
        });
    }

    /// <summary>What gc removed on purpose is not looked for.</summary>
    private void Want(Descriptor blob, bool mayBeDropped = false)
    {
        if (IsGood(blob.Digest) || (mayBeDropped && _dropped.Find(blob.Digest) is not null))
        {
            return;
        }

        // The one that says most.
        if (!_all.TryGetValue(blob.Digest, out var known) || known.Sha512 is null)
        {
            _all[blob.Digest] = blob;
        }
    }
}
