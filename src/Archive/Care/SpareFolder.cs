using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Another archive, or any OCI image layout, in a folder.</summary>
internal sealed class SpareFolder : ISpareSource
{
    /// <summary>A link is told of and not followed: it may lead around in a circle.</summary>
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    private readonly StoreLayout _layout;

    /// <exception cref="ArchiveException">Its log or its index is something that must not be opened.</exception>
    public SpareFolder(string name)
    {
        Name = name;
        _layout = new StoreLayout(name);
        CheckPlain();
    }

    public string Name { get; }

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

    /// <summary>Opening a fifo waits for whoever writes into it. It has no bytes, as no file of a log.</summary>
    private void CheckPlain()
    {
        var log = new DirectoryInfo(_layout.Log);
        var index = new FileInfo(_layout.Index);
        IEnumerable<FileSystemInfo> all =
        [
            .. log.Exists || log.LinkTarget is not null ? new[] { log } : [],
            .. log is { Exists: true, LinkTarget: null } ? log.EnumerateFileSystemInfos("*", Everything) : [],
            .. index.Exists || index.LinkTarget is not null ? new[] { index } : [],
        ];
        if (all.FirstOrDefault(entry => entry.LinkTarget is not null || entry is FileInfo { Length: 0 }) is { } other)
        {
            throw new ArchiveException($"'{Name}': '{Path.GetRelativePath(_layout.Root, other.FullName)}' is no plain file");
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
