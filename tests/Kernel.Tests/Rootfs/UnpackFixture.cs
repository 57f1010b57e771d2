using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Rootfs;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>An archive in a folder that goes away with the test, and an import into it written out by hand.</summary>
public sealed class UnpackFixture : IDisposable
{
    public const long Noon = 1_700_000_000_123_456_789;

    public UnpackFixture()
    {
        Folder = Directory.CreateTempSubdirectory("prov-rootfs-").FullName;
        Store = new RootfsStore(new StoreLayout(Path.Combine(Folder, "archive")));
    }

    public string Folder { get; }

    public RootfsStore Store { get; }

    public static TreePath At(string path) => TreePath.Parse(path);

    public static FileMetadata Meta(int mode, long size = 0, long modified = Noon, params Xattr[] xattrs) => new()
    {
        Mode = mode,
        UserId = 0,
        GroupId = 0,
        ModifiedNanoseconds = modified,
        Size = size,
        Xattrs = xattrs,
    };

    public static int Octal(string mode) => Convert.ToInt32(mode, 8);

    public static void WriteFolder(LayerUnpacker tree, string path, string mode = "755", long modified = Noon) =>
        tree.WriteFolder(At(path), Meta(Octal(mode), 0, modified));

    public static void WriteFile(
        LayerUnpacker tree, string path, string content, string mode = "644", long modified = Noon, params Xattr[] xattrs) =>
        WriteFile(tree, path, new MemoryStream(Encoding.UTF8.GetBytes(content)), mode, modified, xattrs);

    public static void WriteFile(
        LayerUnpacker tree, string path, Stream content, string mode = "644", long modified = Noon, params Xattr[] xattrs)
    {
        using var stream = new FileContentStream(content.Read, content.Length);
        tree.WriteFile(At(path), Meta(Octal(mode), content.Length, modified, xattrs), stream);
    }

    public static void WriteLink(LayerUnpacker tree, string path, string target) =>
        tree.WriteLink(At(path), Meta(Octal("777")), target);

    /// <summary>Unpacks what the test writes, under a digest made of its name.</summary>
    /// <returns>Where the tree is.</returns>
    public string Unpack(string name, Action<LayerUnpacker> write)
    {
        using var tree = Store.Begin();
        write(tree);
        tree.Commit(DigestOf(name));
        return Store.Find(DigestOf(name))!;
    }

    public static Digest DigestOf(string name) => Digest.Of(Encoding.UTF8.GetBytes(name));

    /// <summary>What stands in the folder of trees, but for the locks of turns.</summary>
    public IReadOnlyList<string> CacheNames() =>
        [.. Directory.EnumerateFileSystemEntries(Store.Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        foreach (string tree in Directory.Exists(Store.Folder) ? Directory.GetDirectories(Store.Folder) : [])
        {
            if (Digest.TryParseHex(Path.GetFileName(tree), out var digest))
                Store.Remove(digest);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
