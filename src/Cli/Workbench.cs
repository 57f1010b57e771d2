using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>Everything that a command may need, each part made when it is first asked for: <c>prov run</c> must not open a database.</summary>
internal sealed class Workbench(Terminal terminal, TimeProvider time) : IDisposable
{
    private StoreLayout? _layout;
    private BlobStore? _blobs;
    private ImageNames? _images;

    public Terminal Terminal { get; } = terminal;

    public TimeProvider Time { get; } = time;

    public string ArchiveRoot { get; } = ArchiveLocation.Find(Environment.GetEnvironmentVariable);

    public StoreLayout Layout => _layout ??= new StoreLayout(ArchiveRoot);

    public BlobStore Blobs => _blobs ??= new BlobStore(Layout, Files.SyncFolder);

    public ImageNames Images => _images ??= new ImageNames(Layout, Blobs, Files.SyncFolder);

    public void Dispose()
    {
    }
}
