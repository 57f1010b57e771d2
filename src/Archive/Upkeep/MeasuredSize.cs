using System.Diagnostics;
using System.Globalization;
using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>How much the blobs take. Measuring an archive of a million takes seconds, so that a result is used again for a while.</summary>
/// <remarks>For a hundred times as long as it took, an hour at most: measuring never takes more than one part in a hundred of the time.</remarks>
internal static class MeasuredSize
{
    private const int Times = 100;
    private const int MaxBytes = 64;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static long Of(StoreLayout layout, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (Find(layout) is { } known && known.At <= now && now < known.At + Shorter(known.Took * Times))
        {
            return known.Bytes;
        }

        long began = Stopwatch.GetTimestamp();
        long bytes = Directory.Exists(layout.Blobs)
            ? new DirectoryInfo(layout.Blobs).EnumerateFiles().Sum(file => file.Exists ? file.Length : 0)
            : 0;
        Keep(layout, bytes, Stopwatch.GetElapsedTime(began));
        return bytes;
    }

    private static TimeSpan Shorter(TimeSpan time) => time < Longest ? time : Longest;

    private static (long Bytes, TimeSpan Took, DateTimeOffset At)? Find(StoreLayout layout)
    {
        var file = new FileInfo(layout.SizeCache);
        if (!file.Exists || file.Length > MaxBytes)
        {
            return null;
        }

        return File.ReadAllText(file.FullName).Split(' ') is [var bytes, var took]
            && long.TryParse(bytes, CultureInfo.InvariantCulture, out long size)
            && long.TryParse(took, CultureInfo.InvariantCulture, out long milliseconds)
            ? (size, TimeSpan.FromMilliseconds(milliseconds), new DateTimeOffset(file.LastWriteTimeUtc))
            : null;
    }

    private static void Keep(StoreLayout layout, long bytes, TimeSpan took)
    {
        try
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{bytes} {(long)took.TotalMilliseconds}");
            AtomicFile.Write(layout.SizeCache, Encoding.ASCII.GetBytes(text), static _ => { });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An archive that cannot be written: it is measured again.
        }
    }
}
