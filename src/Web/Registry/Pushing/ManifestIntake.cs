using Provenance.Archive;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Provenance.Web.Hosting;

namespace Provenance.Web.Registry.Pushing;

/// <summary>Takes in a manifest that was sent, with all that it names. Nothing of it is seen by anybody before it is whole and proved.</summary>
/// <remarks>
/// 1 everything it names is here, or was sent by the same owner, and has the size it says · 2 what only he may see is restricted, and noted as his
/// before its blobs leave his room · 3 blobs get their places · 4 a bundle's records are proved and acknowledged, as by <c>prov import</c> ·
/// 5 manifest and tag are noted · 6 an image with a tag is imported, and signed for by this archive.
/// </remarks>
internal sealed class ManifestIntake(Site site, AccessToken token, UploadRoom room, UploadBudget budget)
{
    /// <summary>In one warning.</summary>
    private const int MostNamed = 8;

    /// <summary>What the record of an image that was sent in private calls it.</summary>
    private const string Unnamed = "private";

    /// <summary>Images are unpacked one after the other: each takes a processor and a disk.</summary>
    private static readonly Lock OneImage = new();

    private readonly ServeOptions _options = site.Options;
    private readonly BlobStore _blobs = site.Shelf.Blobs;

    /// <summary>What should be known, and is no failure.</summary>
    public List<string> Warnings { get; } = [];

    /// <param name="repository">Where to.</param>
    /// <param name="tags">That shall point to it.</param>
    /// <param name="content">What was sent.</param>
    /// <param name="bytes">The same, as it came.</param>
    /// <param name="catalogue">What is here already.</param>
    /// <returns>Null when it was taken; else why not.</returns>
    public RegistryError? Take(string repository, IReadOnlyCollection<string> tags, ManifestContent content, byte[] bytes, Catalogue catalogue)
    {
        // :: Step 1
        using var lease = WriterLease.TryTake(_options.Layout);
        if (Missing(repository, content, catalogue) is { } error)
        {
            return error;
        }

        var needed = Needed(content);
        using var promise = budget.Begin();
        if (OverQuota(promise, [content.Manifest, .. needed]) is { } full)
        {
            return full;
        }

        // :: Step 2
        var bundle = content.ArtifactType == BundleArtifactNames.ArtifactType ? BundleArtifactManifest.Parse(bytes) : null;
        bool isPrivate = bundle?.Marks.IsPrivate == true || (token.IsPrivate && bundle?.Marks.EmbargoUntil is null);
        DateTimeOffset? publicAt = bundle?.Marks.EmbargoUntil is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
        bool isRestricted = isPrivate || publicAt is not null;
        Restrict(content, bundle, isRestricted, publicAt);
        var pushed = new PushedManifest
        {
            Repository = repository,
            Manifest = content.Manifest,
            ArtifactType = content.ArtifactType,
            Subject = content.Subject,
            Annotations = content.Annotations,
            Owner = token.Owner,
            IsPrivate = isRestricted,
            PublicAt = publicAt,
        };
        var manifests = new PushedManifests(_options.Layout, _options.Time);
        if (isRestricted)
        {
            manifests.Put(pushed, needed, []);
        }

        // :: Steps 3 and 4
        Directory.CreateDirectory(_options.Layout.Blobs);
        _blobs.Put(content.Manifest.MediaType, bytes);
        Adopt(needed);
        if (bundle is not null)
        {
            Import(bundle);
        }

        // :: Step 5
        if (manifests.Put(pushed, needed, tags, token.Scopes.HasFlag(TokenScopes.Admin)) is { } taken)
        {
            return RegistryError.TagTaken(repository, taken, token.Owner);
        }

        // :: Step 6
        foreach (string tag in content.IsImage ? tags : [])
        {
            ImportImage(pushed, tag, content);
        }

        return null;
    }

    /// <summary>What somebody else sends for everybody to read is not restricted by whom had it before, nor the other way round.</summary>
    private void Restrict(ManifestContent content, BundleArtifactManifest? bundle, bool isRestricted, DateTimeOffset? publicAt)
    {
        var restrictions = new Restrictions(_options.Layout, _options.Time);
        var manifest = content.Manifest.Digest;
        if (!isRestricted)
        {
            restrictions.Lift([manifest]);
            LetIn(restrictions, bundle);
            return;
        }

        WarnOfPublic(restrictions, bundle);
        var scope = Audience.Public.ScopeIn(_blobs, _options.Sync, _options.Time);
        using var finder = RecordFinder.Open(_blobs, _options.Sync, scope);
        bool isKnown = finder.ImagesByDigest(manifest).Count > 0
            || new PushedManifests(_options.Layout, _options.Time).ShowsTo(manifest, null, scope.WithheldManifests);
        restrictions.Add([.. isKnown ? [] : new[] { manifest }, .. bundle is null ? [] : NewRecords(bundle)], token.Owner, publicAt);
    }

    /// <summary>Of what others have sent before and keep to themselves he is one more owner, for as long as they do.</summary>
    private void LetIn(Restrictions restrictions, BundleArtifactManifest? bundle)
    {
        Digest[] records = [.. bundle is null ? [] : RecordsOf(bundle)];
        var restricted = restrictions.List().Where(one => records.Contains(one.Record)).ToLookup(one => one.Record);
        foreach (var rows in restricted)
        {
            restrictions.Add([rows.Key], token.Owner, rows.Any(one => one.PublicAt is null) ? null : rows.Max(one => one.PublicAt));
        }

        if (restricted.Count > 0)
        {
            string[] names = [.. records.Where(restricted.Contains).Select(record => record.Abbreviated).Take(MostNamed)];
            string rest = restricted.Count > names.Length ? $" and {restricted.Count - names.Length} others" : "";
            Warnings.Add($"record {string.Join(", ", names.Select(name => $"'{name}'"))}{rest}: is restricted here already, and stays so; "
                + $"who keeps the archive shows it to everybody with 'prov access set public {string.Join(' ', names)}'");
        }
    }

    /// <summary>Of what was sent: that its image is here for everybody is nothing to be told.</summary>
    private void WarnOfPublic(Restrictions restrictions, BundleArtifactManifest? bundle)
    {
        using var finder = RecordFinder.Open(_blobs, _options.Sync);
        var restricted = restrictions.List().Select(one => one.Record).ToHashSet();
        foreach (var root in bundle?.Roots ?? [])
        {
            if (finder.Find(root.Hex) is { } row && !restricted.Contains(root))
            {
                Warnings.Add($"{StatementTypes.NameOf(row.Kind)} '{root.Abbreviated}': is public here already, and stays so");
            }
        }
    }

    private RegistryError? Missing(string repository, ManifestContent content, Catalogue catalogue)
    {
        foreach (var blob in content.Blobs.Where(blob => !content.Elsewhere.Contains(blob.Digest) && blob.Digest != EmptyObject.Descriptor.Digest))
        {
            if (SizeOf(blob.Digest) is not { } size)
            {
                return RegistryError.ManifestBlobUnknown(blob.Digest);
            }

            if (size != blob.Size)
            {
                return RegistryError.ManifestInvalid($"blob '{blob.Digest}' has {size} bytes, and not {blob.Size}");
            }
        }

        return content.Manifests.FirstOrDefault(
            manifest => catalogue.MediaTypeIn(repository, manifest.Digest) is null && SizeOf(manifest.Digest) is null) is { } absent
            ? RegistryError.ManifestBlobUnknown(absent.Digest)
            : null;
    }

    /// <summary>What it names and is here, in its true size. A layer that may lie elsewhere is not shown by it to whoever only knows its digest.</summary>
    private List<Descriptor> Needed(ManifestContent content) =>
    [
        .. from blob in content.Blobs.Concat(content.Manifests)
           let holder = room.Blobs.Contains(blob.Digest) ? room.Blobs : _blobs
           where holder.Contains(blob.Digest) && (!content.Elsewhere.Contains(blob.Digest) || IsHis(blob.Digest))
           select blob with { Size = holder.SizeOf(blob.Digest) },
    ];

    /// <summary>Whether he has sent it, or may read it.</summary>
    private bool IsHis(Digest blob) =>
        SizeOf(blob) is not null || new PushedManifests(_options.Layout, _options.Time).IsOf(token.Owner, blob);

    /// <summary>The same of all that an image is made of: one that is imported shows every layer that lies here.</summary>
    private bool IsHis(ManifestContent image)
    {
        var known = new HashSet<Digest> { image.Manifest.Digest };
        var waiting = new Queue<ManifestContent>([image]);
        while (waiting.TryDequeue(out var next))
        {
            if (next.Blobs.Any(blob => _blobs.Contains(blob.Digest) && !IsHis(blob.Digest)))
            {
                return false;
            }

            foreach (var manifest in next.Manifests.Where(manifest => _blobs.Contains(manifest.Digest) && known.Add(manifest.Digest)))
            {
                waiting.Enqueue(ManifestContent.Parse(_blobs.Read(manifest.Digest, ManifestContent.MostBytes), manifest.MediaType));
            }
        }

        return true;
    }

    private long? SizeOf(Digest blob) =>
        room.Blobs.Contains(blob) ? room.Blobs.SizeOf(blob) : site.Shelf.Has(blob) ? _blobs.SizeOf(blob) : null;

    /// <summary>Before anything of it is kept. What leaves his room for the archive counts once.</summary>
    private RegistryError? OverQuota(UploadPromise promise, IReadOnlyCollection<Descriptor> needed)
    {
        var pushed = new PushedManifests(_options.Layout, _options.Time);
        long coming = pushed.BytesOf(token.Owner, needed) - pushed.BytesOf(token.Owner);
        long replaced = needed.DistinctBy(blob => blob.Digest).Where(blob => room.Blobs.Contains(blob.Digest)).Sum(blob => room.Blobs.SizeOf(blob.Digest));
        return promise.TryAdd(coming, replaced)
            ? null
            : RegistryError.Denied($"{token.Owner} may keep {pushed.QuotaOf(token.Owner)} bytes here; this would be more");
    }

    /// <summary>Those that are not here: what is here already, everybody may go on to read who could.</summary>
    private List<Digest> NewRecords(BundleArtifactManifest bundle)
    {
        using var finder = RecordFinder.Open(_blobs, _options.Sync);
        var restricted = new Restrictions(_options.Layout, _options.Time).List().Select(one => one.Record).ToHashSet();
        return
        [
            .. RecordsOf(bundle).Where(record => restricted.Contains(record) || finder.Find(record.Hex) is null),
        ];
    }

    private IEnumerable<Digest> RecordsOf(BundleArtifactManifest bundle)
    {
        var first = bundle.Files[0].Content;
        if (first.Size > BundleLimits.Default.MaxDocumentBytes)
        {
            throw new BundleException($"'{bundle.Files[0].Name}' has {first.Size} bytes, at most {BundleLimits.Default.MaxDocumentBytes} are allowed");
        }

        using var layer = OpenLayer(first);
        byte[] json = new byte[first.Size];
        layer.ReadExactly(json);
        return BundleManifest.Parse(json).Records.Select(record => record.Record.Digest);
    }

    private Stream OpenLayer(Descriptor layer) => (room.Blobs.Contains(layer.Digest) ? room.Blobs : _blobs).Open(layer);

    private void Adopt(List<Descriptor> needed)
    {
        foreach (var blob in needed)
        {
            _blobs.Adopt(room.Blobs, blob.Digest);
            room.Drop(blob.Digest); // where the archive had it before
        }

        _blobs.SyncNames();
    }

    private void Import(BundleArtifactManifest bundle)
    {
        var trusted = TrustedCertificates.Load(_options.Layout);
        using var source = BundleSource.Of("pushed", bundle, layer => layer.Digest == EmptyObject.Descriptor.Digest
            ? new MemoryStream(EmptyObject.Bytes.ToArray())
            : _blobs.Open(layer));
        var imported = new BundleImporter(_blobs, _options.Sync, trusted, _options.Time).Import(source, null, CancellationToken.None);
        if (!imported.Records.All(record => record.Signature.IsTrusted))
        {
            Warnings.Add("who signed is not trusted in this archive");
        }
    }

    /// <summary>It is not unpacked: whoever runs it first does that. What is kept beside its blobs is the list of its files, which counts too.</summary>
    private void ImportImage(PushedManifest pushed, string tag, ManifestContent content)
    {
        string name = RepositoryName.NameOf(pushed.Repository, tag);
        if (!ImageNames.IsName(name))
        {
            Warnings.Add($"'{name}' is no name for an image of an archive: it can be pulled, and has no record");
            return;
        }

        try
        {
            if (!IsHis(content))
            {
                Warnings.Add("it can be pulled, and is no image for this archive: a layer of it was not sent");
                return;
            }

            // The record says where an image came from, and others may read it when they have sent the same: what he calls it is his.
            string reference = pushed.IsPrivate ? Unnamed : tag;
            using var folder = new LinkedLayout(_options.Layout, content.Manifest, reference);
            using var promise = budget.Begin();
            lock (OneImage)
            {
                var source = new ImageSource { Packing = ImagePacking.OciLayout, Path = folder.Path, Reference = reference };
                if (_options.Writing!.TakeImage(source, name, bytes => Reserve(promise, bytes)) is { } list)
                {
                    new PushedManifests(_options.Layout, _options.Time).Put(pushed, [list], []);
                }
            }
        }
        catch (Exception e) when (e is ArchiveException or FormatException)
        {
            Warnings.Add($"it can be pulled, and is no image for this archive: {e.Message}");
        }
    }

    private void Reserve(UploadPromise promise, long bytes)
    {
        if (!promise.TryAdd(bytes))
        {
            throw new QuotaException($"{token.Owner} may not keep the list of its files, {bytes} bytes, here");
        }
    }
}
