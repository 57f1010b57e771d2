using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Upkeep;

/// <summary>The note that gc leaves in the archive before it removes what a record names: a blob that is missing and stands here is no damage.</summary>
/// <remarks>One file, replaced as a whole, by whoever holds the lock of gc. What stands in it and among the blobs as well is simply there.</remarks>
public sealed class DroppedBlobs(StoreLayout layout)
{
    /// <summary>A gc reads every record, and not a blob.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Lazy<IReadOnlyDictionary<Digest, DroppedBlob>> _noted = new(() => Read(layout));

    /// <summary>All of them, read once.</summary>
    /// <exception cref="ArchiveException">The file is damaged.</exception>
    public IReadOnlyDictionary<Digest, DroppedBlob> Noted => _noted.Value;

    /// <returns>Null when the blob was not dropped, or is there again.</returns>
    /// <exception cref="ArchiveException">The file is damaged.</exception>
    public DroppedBlob? Find(Digest digest) =>
        File.Exists(layout.BlobPath(digest)) ? null : Noted.GetValueOrDefault(digest);

    /// <summary>As pages and messages say it: <c>2026-11-25</c>, UTC.</summary>
    public static string DayOf(DroppedBlob blob) => blob.DroppedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What became of it, and when: for pages and messages.</summary>
    public static string FateOf(DroppedBlob blob) => $"{Fate(blob)} on {DayOf(blob)}";

    /// <summary>The same of several.</summary>
    public static string FateOf(IReadOnlyCollection<DroppedBlob> blobs) =>
        $"{string.Join(" or ", blobs.Select(Fate).Distinct().Order(StringComparer.Ordinal))}, last on {DayOf(blobs.MaxBy(blob => blob.DroppedAt)!)}";

    /// <summary>Adds notes of blobs that never were here. Waits for a gc that is at work.</summary>
    /// <exception cref="ArchiveException">A gc was at work all the time.</exception>
    internal static void Add(StoreLayout layout, IReadOnlyCollection<DroppedBlob> blobs, FolderSync sync)
    {
        using var held = ArchiveLock.Take(layout, layout.GcLock, Patience);
        var noted = new DroppedBlobs(layout).Noted;
        Write(layout, noted.Values.Concat(blobs.Where(blob => !noted.ContainsKey(blob.Digest))), sync);
    }

    /// <summary>Replaces the file, durably. The caller holds the lock of gc.</summary>
    /// <param name="blobs">All that shall stand in it.</param>
    internal static void Write(StoreLayout layout, IEnumerable<DroppedBlob> blobs, FolderSync sync)
    {
        string temporary = AtomicFile.TemporaryBeside(layout.Dropped);
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            foreach (var blob in blobs.OrderBy(blob => blob.Digest.Hex, StringComparer.Ordinal))
            {
                file.Write(RecordLines.Serialize(blob));
            }

            file.Flush();
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        AtomicFile.Name(temporary, layout.Dropped, sync);
    }

    private static string Fate(DroppedBlob blob) => blob.LeftOut == true ? "left out of a bundle" : "dropped by gc";

    private static Dictionary<Digest, DroppedBlob> Read(StoreLayout layout)
    {
        try
        {
            using var file = File.OpenRead(layout.Dropped);
            return RecordLines.ReadDropped(file).ToDictionary(blob => blob.Digest);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
