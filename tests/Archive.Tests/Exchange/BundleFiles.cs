using System.Formats.Tar;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Tests.Images;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>A bundle taken apart, to be put together otherwise.</summary>
internal sealed class BundleFiles
{
    /// <summary>Of a ustar header.</summary>
    private const int MostNameBytes = 100;

    private readonly List<(string Name, byte[] Content)> _files = [];

    public IReadOnlyList<string> Names => [.. _files.Select(file => file.Name)];

    public byte[] this[string name]
    {
        get => _files.Single(file => file.Name == name).Content;
        set => _files[_files.FindIndex(file => file.Name == name)] = (name, value);
    }

    public BundleManifest Manifest
    {
        get => BundleManifest.Parse(this[BundleNames.Manifest]);
        set => this[BundleNames.Manifest] = value.ToBytes();
    }

    public string ManifestText
    {
        get => Encoding.UTF8.GetString(this[BundleNames.Manifest]);
        set => this[BundleNames.Manifest] = Encoding.UTF8.GetBytes(value);
    }

    public static BundleFiles Of(byte[] tar)
    {
        var files = new BundleFiles();
        using var reader = new TarReader(new MemoryStream(tar));
        while (reader.GetNextEntry() is { } entry)
        {
            var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files._files.Add((entry.Name, content.ToArray()));
        }

        return files;
    }

    public void Remove(string name) => _files.RemoveAll(file => file.Name == name);

    public void Add(string name, byte[] content) => _files.Add((name, content));

    public void MoveToEnd(string name)
    {
        byte[] content = this[name];
        Remove(name);
        Add(name, content);
    }

    /// <summary>Puts a blob in and announces it; whether a record names it is another matter.</summary>
    public Digest AddBlob(byte[] content)
    {
        var digest = Digest.Of(content);
        Add(BundleNames.Blob(digest), content);
        Announce(1, content.Length);
        return digest;
    }

    public void RemoveBlob(Digest digest)
    {
        Announce(-1, -this[BundleNames.Blob(digest)].Length);
        Remove(BundleNames.Blob(digest));
    }

    /// <summary>Puts other bytes in a record's place, and in the manifest what they are: all that somebody without the key can do.</summary>
    public Digest Replace(Digest record, byte[] statement, byte[] signature)
    {
        var listed = Manifest.Records.Single(other => other.Record.Digest == record);
        RemoveBlob(listed.Record.Digest);
        RemoveBlob(listed.Signature.Digest);
        var digest = AddBlob(statement);
        AddBlob(signature);
        Manifest = Manifest with
        {
            Roots = [.. Manifest.Roots.Select(root => root == record ? digest : root)],
            Records = [.. Manifest.Records.Select(other => other != listed ? other : other with
            {
                Record = LeafBlob.Of(statement),
                Signature = LeafBlob.Of(signature),
            })],
        };
        return digest;
    }

    /// <summary>As the exporter would: in its order.</summary>
    public TarBuilder Builder()
    {
        var tar = TarBuilder.New();
        foreach (var (name, content) in _files)
        {
            if (name.Length > MostNameBytes)
            {
                tar.Pax(("path", name));
            }

            tar.Entry('0', name, content);
        }

        return tar;
    }

    public byte[] Tar() => Builder().Build();

    public void WriteTo(string folder)
    {
        foreach (var (name, content) in _files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    private void Announce(int blobs, long bytes) =>
        Manifest = Manifest with { BlobCount = Manifest.BlobCount + blobs, BlobBytes = Manifest.BlobBytes + bytes };
}
