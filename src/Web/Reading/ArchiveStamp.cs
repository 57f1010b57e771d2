using System.Text;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Web.Reading;

/// <summary>
/// Changes whenever an archive does: when a record arrives, is logged or signed for, an image is named, somebody is trusted, or may read more or less.
/// </summary>
/// <param name="Archive">Of the archive alone.</param>
/// <param name="View">Of what somebody may read of it; empty where he reads all of it.</param>
public sealed record ArchiveStamp(string Archive, string View = "")
{
    public string Text => $"{Archive}{View}";

    /// <summary>Asks for the times of a handful of files and folders: a few microseconds.</summary>
    internal static ArchiveStamp Read(StoreLayout layout)
    {
        var hash = new HashCode();
        string[] places =
        [
            layout.Checkpoint, layout.Incoming, layout.Index, layout.CatalogDatabase, layout.Cosigned, layout.Seals, layout.Trust, layout.TimestampTrust,
            layout.TrustPolicy, layout.Withdrawn, layout.Keys, layout.Dropped, layout.ServiceDatabase,
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

    /// <summary>Of the archive as somebody reads it: no two who read differently have one stamp.</summary>
    internal ArchiveStamp For(Audience audience, RecordScope scope) => audience.Key.Length == 0 && scope.ValidUntil is null
        ? this
        : this with { View = $"-{Digest.Of(Encoding.UTF8.GetBytes($"{audience.Key}\n{scope.ValidUntil:O}")).Hex[..16]}" };
}
