using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Tells of what a killed writer has left, and of records that still wait. Neither does harm, if what waits is whole.</summary>
internal sealed class LeftoverFsck(BlobStore blobs, FolderSync sync)
{
    private readonly StoreLayout _layout = blobs.Layout;
    private readonly RecordReader _reader = new(blobs);

    public IEnumerable<FsckFinding> Check() => Waiting().Concat(Leftovers()).Concat(SetAside());

    private IEnumerable<FsckFinding> SetAside()
    {
        int count = Directory.Exists(_layout.Quarantine) ? Directory.EnumerateFiles(_layout.Quarantine, "*", SearchOption.AllDirectories).Count() : 0;
        if (count > 0)
        {
            yield return new FsckFinding(
                FsckSeverity.Note, "quarantine", $"holds what repair set aside, {count} in number; nothing reads it, and deleting it loses nothing else");
        }
    }

    private IEnumerable<FsckFinding> Waiting()
    {
        var incoming = new IncomingRecords(_layout, sync);
        foreach (var record in incoming.List())
        {
            yield return Describe(incoming, record);
        }
    }

    private FsckFinding Describe(IncomingRecords incoming, Digest record)
    {
        string subject = $"incoming/{record.Hex}";
        try
        {
            if (incoming.Find(record) is { } leaf)
            {
                _reader.Read(leaf);
            }

            return new FsckFinding(FsckSeverity.Note, subject, "waits to be put into the log");
        }
        catch (ArchiveException e)
        {
            return new FsckFinding(FsckSeverity.Damage, subject, e.Message);
        }
    }

    private IEnumerable<FsckFinding> Leftovers() =>
        from path in FilesOf(_layout.Temporary).Concat(TemporaryFiles()).Concat(UnfinishedSeals())
        select new FsckFinding(
            FsckSeverity.Note,
            Path.GetRelativePath(_layout.Root, path),
            "is being written, or was left by a process that was killed");

    private IEnumerable<string> TemporaryFiles() =>
        new[] { _layout.Root, _layout.Incoming, _layout.Log }
            .SelectMany(FilesOf)
            .Where(path => AtomicFile.IsTemporary(Path.GetFileName(path)));

    private IEnumerable<string> UnfinishedSeals() =>
        new[] { _layout.Seals, _layout.OriginSeals }
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(path => AtomicFile.IsTemporary(Path.GetFileName(path)));

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];
}
