namespace Provenance.Archive.Exchange;

/// <summary>A bundle that was unpacked into a folder.</summary>
internal sealed class FolderFiles(string path) : IBundleFiles
{
    public void Dispose()
    {
        // Every file is closed after it is read.
    }

    public IEnumerable<BundleEntry> Read()
    {
        foreach (string name in Names())
        {
            var file = new FileInfo(Path.Combine(path, name));
            BundleNames.CheckPath(name);
            if (file.LinkTarget is not null)
            {
                throw BundleNames.Refused(name, "is a symbolic link, expected a plain file");
            }

            // What has no bytes is not opened: a fifo would keep us waiting for whoever writes into it.
            long size = file.Length;
            using Stream content = size == 0 ? new MemoryStream([]) : new FileStream(file.FullName, new FileStreamOptions { BufferSize = 0 });
            using var exact = new ExactStream(content, size, name);
            yield return new BundleEntry(name, size, exact);
        }
    }

    /// <summary>What tells of the others first, what is checked against the others last; in between in order.</summary>
    private IEnumerable<string> Names() => Walk(new DirectoryInfo(path), "")
        .OrderBy(name => name switch
        {
            BagFiles.Declaration or BagFiles.Info => 0,
            BundleNames.Manifest or BagFiles.Payload + BundleNames.Manifest => 1,
            _ when BagFiles.IsTagManifest(name) => 4,
            _ when BagFiles.Manifests.Contains(name) => 3,
            _ => 2,
        })
        .ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>Links to folders are given as what they are, and not followed.</summary>
    private static IEnumerable<string> Walk(DirectoryInfo folder, string prefix)
    {
        foreach (var item in folder.EnumerateFileSystemInfos())
        {
            if (item is DirectoryInfo { LinkTarget: null } below)
            {
                foreach (string name in Walk(below, $"{prefix}{item.Name}/"))
                {
                    yield return name;
                }
            }
            else
            {
                yield return prefix + item.Name;
            }
        }
    }
}
