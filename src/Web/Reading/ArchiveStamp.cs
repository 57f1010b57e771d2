using Provenance.Archive.Content;

namespace Provenance.Web.Reading;

/// <summary>Changes whenever an archive does: when a record arrives, is logged or signed for, an image is named, or somebody is trusted.</summary>
public sealed record ArchiveStamp(string Text)
{
    /// <summary>Asks for the times of a handful of files and folders: a few microseconds.</summary>
    internal static ArchiveStamp Read(StoreLayout layout)
    {
        var hash = new HashCode();
        string[] places =
        [
            layout.Checkpoint, layout.Incoming, layout.Index, layout.CatalogDatabase, layout.Cosigned, layout.Seals, layout.Trust, layout.TimestampTrust,
            layout.TrustPolicy, layout.Withdrawn, layout.Keys, layout.Dropped,
        ];
        long newest = 0;
        foreach (string place in places)
        {
            long time = File.GetLastWriteTimeUtc(place).Ticks;
            newest = Math.Max(newest, time);
            hash.Add(time);
        }

        return new ArchiveStamp($"{newest:x}-{(uint)hash.ToHashCode():x8}");
    }
}
