using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Wording;

/// <summary>Quantities as people read them.</summary>
public static class Readable
{
    public static string Bytes(long bytes) => ByteSize.Text(bytes);

    /// <summary><c>0.042 s</c>, <c>3.1 s</c>, <c>4 min 07 s</c>, <c>2 h 13 min</c>.</summary>
    public static string Duration(long milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        return time switch
        {
            { TotalSeconds: < 1 } => $"{time.TotalSeconds:0.000} s",
            { TotalMinutes: < 1 } => $"{time.TotalSeconds:0.0} s",
            { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds:00} s",
            _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
        };
    }

    /// <summary>UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");

    /// <summary>A command line that a shell would read as these words.</summary>
    public static string Command(IEnumerable<string> argv) => string.Join(' ', argv.Select(Quote));

    public static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_-./:=@%+,".Contains(c))
            ? word
            : $"'{word.Replace("'", "'\\''")}'";
}
