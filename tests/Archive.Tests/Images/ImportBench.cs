using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Tree;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>An empty archive and a folder for sources, gone with the test.</summary>
public sealed class ImportBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImportBench()
    {
        Layout = new StoreLayout(Path.Combine(_folder.Path, "archive"));
        Blobs = new BlobStore(Layout, static _ => { });
        Names = new ImageNames(Layout, Blobs, static _ => { });
        Directory.CreateDirectory(Sources);
    }

    public static ImportOptions Options { get; } = new()
    {
        Recorder = new Recorder { Name = "prov", Version = "test" },
        Host = new Platform { Os = "linux", Architecture = "amd64", Variant = "v3" },
    };

    public StoreLayout Layout { get; }

    public BlobStore Blobs { get; }

    public ImageNames Names { get; }

    public string Sources => Path.Combine(_folder.Path, "sources");

    public string PathOf(string name) => Path.Combine(Sources, name);

    /// <summary>Puts a file among the sources.</summary>
    public string Put(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        using var file = File.Create(PathOf(name));
        file.Write(content);
        return PathOf(name);
    }

    public ImportedImage Import(string source, ITreeWriter? tree = null, ImportOptions? options = null) =>
        new ImageImporter(Blobs).Import(ImageSource.Parse(source), options ?? Options, tree, null, TestContext.Current.CancellationToken);

    /// <summary>What must be so after an import was refused.</summary>
    public void AssertNothingLeft()
    {
        string[] left = Directory.Exists(Layout.Root)
            ? Directory.GetFiles(Layout.Root, "*", SearchOption.AllDirectories)
            : [];
        Assert.Empty(left);
    }

    /// <summary>The tree manifest as text.</summary>
    public string Manifest(ImportedImage image) => Encoding.UTF8.GetString(Blobs.Read(image.Tree, 1 << 24));

    /// <summary>What layers make, laid over each other: path and type, mode or target.</summary>
    internal static string[] Overlay(params TarBuilder[] layers)
    {
        var writer = new MemoryTree();
        var reader = new LayerReader(writer, ImportLimits.Default);
        foreach (var layer in layers)
        {
            reader.Read(new MemoryStream(layer.Build()), null, true, TestContext.Current.CancellationToken);
        }

        var entries = TreeManifest.Entries(reader.Tree).ToArray();
        // Whoever unpacks must come to the same tree.
        Assert.Equal(entries.Select(entry => entry.Path).Order(StringComparer.Ordinal), writer.Entries.Keys);
        Assert.Equal(entries.Length, reader.Tree.Count);
        return [.. entries.Select(Describe)];
    }

    public void Dispose() => _folder.Dispose();

    private static string Describe(TreeEntry entry) => entry.Type switch
    {
        TreeEntryType.Link => $"{entry.Path} -> {entry.Target}",
        TreeEntryType.Folder => $"{entry.Path}/ {entry.Mode}",
        TreeEntryType.File => $"{entry.Path} {entry.Mode} {entry.Size}",
        _ => $"{entry.Path} {entry.Type} {entry.Device}",
    };
}
