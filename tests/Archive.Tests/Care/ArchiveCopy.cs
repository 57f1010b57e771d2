using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Catalog;

namespace Provenance.Archive.Tests.Care;

/// <summary>A copy of an archive's folder as cp -a makes it, keys and all: what a person had put somewhere else.</summary>
internal sealed class ArchiveCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ArchiveCopy(StoreLayout of)
    {
        foreach (string path in Directory.EnumerateFiles(of.Root, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder.Path, Path.GetRelativePath(of.Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        Layout = new StoreLayout(_folder.Path);
        Blobs = new BlobStore(Layout, SampleArchive.Sync);
    }

    public StoreLayout Layout { get; }

    public BlobStore Blobs { get; }

    public FsckReport Fsck() => new Fsck(Blobs, SampleArchive.Sync).Check(progress: null, CancellationToken.None);

    public void Dispose() => _folder.Dispose();
}
