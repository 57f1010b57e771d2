using System.Text;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Web.Reading;

/// <summary>
/// Changes whenever an archive does: when a record arrives, is logged or signed for, an image is named, somebody is trusted, or may read more or less.
/// </summary>
/// <param name="Archive">Of the archive alone.</param>
/// <param name="View">Of what somebody may read of it; empty where he reads all of it.</param>
/// <remarks>
/// Times of files are of the kernel's last tick, 1–10 ms (time(7), "jiffies"), so that a second change within one leaves the time as it is. A stamp
/// read that soon after a change is therefore like no other, and what is read with it is read again: as git does with its index
/// (git's Documentation/technical/racy-git.txt).
/// </remarks>
public sealed record ArchiveStamp(string Archive, string View = "")
{
    /// <summary>Two ticks of the slowest clock that Linux is built with.</summary>
    private static readonly TimeSpan Unsettled = TimeSpan.FromMilliseconds(20);

    private static long _unsettled;

    public string Text => $"{Archive}{View}";

    /// <summary>Asks for the times of a handful of files and folders: a few microseconds.</summary>
    internal static ArchiveStamp Read(StoreLayout layout)
    {
        var hash = new HashCode();
        string[] places =
        [
            layout.Checkpoint, layout.Incoming, layout.Index, layout.CatalogDatabase, layout.Cosigned, layout.Seals, layout.OriginSeals, layout.Trust,
            layout.TimestampTrust, layout.TrustPolicy, layout.Withdrawn, layout.Keys, layout.Dropped, layout.ServiceDatabase,
        ];
        long now = TimeProvider.System.GetUtcNow().UtcTicks;
        long newest = 0;
        foreach (string place in places)
        {
            long time = File.GetLastWriteTimeUtc(place).Ticks;
            newest = Math.Max(newest, time);
            hash.Add(time);
        }

        string text = $"{newest:x}-{(uint)hash.ToHashCode():x8}";
        return new ArchiveStamp(Math.Abs(now - newest) > Unsettled.Ticks ? text : $"{text}-{Interlocked.Increment(ref _unsettled):x}");
    }

    /// <summary>Of the archive as somebody reads it: no two who read differently have one stamp.</summary>
    internal ArchiveStamp For(Audience audience, RecordScope scope) => audience.Key.Length == 0 && scope.ValidUntil is null
        ? this
        : this with { View = $"-{Digest.Of(Encoding.UTF8.GetBytes($"{audience.Key}\n{scope.ValidUntil:O}")).Hex[..16]}" };
}
