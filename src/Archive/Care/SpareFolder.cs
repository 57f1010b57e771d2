using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Another archive, or any OCI image layout, in a folder.</summary>
internal sealed class SpareFolder(string name) : ISpareSource
{
    private readonly StoreLayout _layout = new(name);

    public string Name => name;

    public StoreLayout? Layout => _layout;

    public void Give(IReadOnlyDictionary<Digest, Descriptor> wanted, Action<Descriptor, Stream> take)
    {
        foreach (var blob in wanted.Values.ToList())
        {
            var file = new FileInfo(_layout.BlobPath(blob.Digest));

            // A link may lead anywhere, and what has no bytes is not opened: a fifo would keep us waiting for whoever writes into it.
            if (file.Exists && file.LinkTarget is null && file.Length == blob.Size)
            {
                using Stream content = blob.Size == 0 ? new MemoryStream([]) : Open(file);
                take(blob, content);
            }
        }
    }

    public IEnumerable<LogLeaf> Leaves()
    {
        var log = new TransparencyLog(_layout, static _ => { });
        foreach (byte[] entry in log.Entries(0, log.Size))
        {
            yield return LogLeaf.Parse(entry);
        }
    }

    private static FileStream Open(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, new FileStreamOptions { BufferSize = 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException($"blob '{file.Name}': cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }
}
