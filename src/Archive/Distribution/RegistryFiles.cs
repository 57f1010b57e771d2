using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Distribution;

/// <summary>An image in a registry as if it were an OCI layout, so that it is read as one from a folder is.</summary>
/// <remarks>
/// What is asked for must have been named by a manifest before: by that it is known what it is. Manifests are fetched when they are read, layers before.
/// </remarks>
internal sealed class RegistryFiles : IPackedFiles
{
    /// <summary>Far above any image: each costs a request.</summary>
    private const int MaxDocuments = 1000;

    private readonly BlobStore _home;
    private readonly RegistryClient _client;
    private readonly RegistryReference _reference;
    private readonly FetchedBlobs _fetched;
    private readonly CancellationToken _cancellation;
    private readonly FetchedManifest _top;
    private readonly Dictionary<Digest, Descriptor> _named = [];
    private int _documents;

    public RegistryFiles(
        BlobStore home, RegistryClient client, RegistryReference reference, FetchedManifest top, FetchedBlobs fetched, CancellationToken cancellation)
    {
        (_home, _client, _reference, _top, _fetched, _cancellation) = (home, client, reference, top, fetched, cancellation);
        _named.Add(top.Descriptor.Digest, top.Descriptor);
    }

    public bool Contains(string name) => name is OciLayoutReader.IndexFile or OciLayoutReader.LayoutFile || Find(name) is not null;

    public PackedFile Open(string name)
    {
        if (name == OciLayoutReader.IndexFile)
        {
            return Memory(MadeDocuments.Index([OciDescriptor.Of(_top.Descriptor)]));
        }

        var blob = Find(name) ?? throw new ImageException($"image '{_reference}': has no '{name}'");
        return IsManifest(blob.MediaType) ? Memory(ReadManifest(blob)) : new PackedFile(_fetched.Open(blob, _cancellation), blob.Size);
    }

    public IEnumerable<string> FoldersWith(string fileName) => [];

    public void Dispose()
    {
        // What was fetched is the caller's.
    }

    private static PackedFile Memory(byte[] content) => new(new MemoryStream(content, writable: false), content.Length);

    private static bool IsManifest(string mediaType) =>
        mediaType is MediaTypes.ImageIndex or MediaTypes.ImageManifest or MediaTypes.DockerManifestList or MediaTypes.DockerManifest;

    private Descriptor? Find(string name)
    {
        const string Folder = "blobs/sha256/";
        return name.StartsWith(Folder, StringComparison.Ordinal) && Digest.TryParseHex(name[Folder.Length..], out var digest)
            ? _named.GetValueOrDefault(digest)
            : null;
    }

    private byte[] ReadManifest(Descriptor manifest)
    {
        if (++_documents > MaxDocuments)
        {
            throw new HostileImageException($"image '{_reference}': has more than {MaxDocuments} manifests");
        }

        byte[] bytes = _top.Descriptor.Digest == manifest.Digest ? _top.Bytes.ToArray()
            : _home.Contains(manifest.Digest) ? _home.Read(manifest.Digest, RegistryClient.MaxManifestBytes)
            : _client.GetManifest(_reference.At(manifest.Digest), _cancellation).Bytes.ToArray();
        var document = OciReader.ReadDocument(bytes, $"manifest '{manifest.Digest}'");
        foreach (var named in (OciDescriptor?[])[document.Config, .. document.Layers ?? [], .. document.Manifests ?? []])
        {
            if (named is { MediaType: { } type, Size: { } size and >= 0 } && Digest.TryParse(named.Digest, out var digest))
            {
                _named.TryAdd(digest, new Descriptor { MediaType = type, Digest = digest, Size = size });
            }
        }

        return bytes;
    }
}
