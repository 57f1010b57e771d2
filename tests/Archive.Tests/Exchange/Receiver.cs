using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>An archive somewhere else, empty at first.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Receiver()
    {
        Layout = new StoreLayout(_folder.Path);
        Blobs = new BlobStore(Layout, SampleArchive.Sync);
    }

    public StoreLayout Layout { get; }

    public BlobStore Blobs { get; }

    public FakeTimeProvider Clock { get; } = new(RecordSamples.Start);

    /// <summary>Every file there is but those that say nothing: the lock, and what SQLite keeps beside a catalog.</summary>
    public IReadOnlyList<string> Contents =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder.Path, path))
            .Where(path => path is not ("lock" or "gc.lock" or "size" or "catalog.db-shm" or "catalog.db-wal"))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    public ImportedBundle Import(byte[] tar) => Import(BundleSource.Of("sample", new MemoryStream(tar)));

    /// <param name="source">Disposed of here.</param>
    /// <param name="stop">Stops it at some time; null when nothing does.</param>
    public ImportedBundle Import(BundleSource source, Stop? stop = null)
    {
        using (source)
        {
            return new BundleImporter(Blobs, SampleArchive.Sync, TrustedCertificates.Load(Layout), Clock).Import(source, stop, stop?.Token ?? default);
        }
    }

    public RecordFinder Finder() => RecordFinder.Open(Blobs, SampleArchive.Sync);

    public FsckReport Fsck() => new Fsck(Blobs, SampleArchive.Sync).Check(null, CancellationToken.None);
}
