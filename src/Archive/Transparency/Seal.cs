using System.Globalization;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>
/// A time stamp over records of the log: <c>seals/NUMBER-SIZE/SHA512SUMS</c>, which <c>sha512sum --check</c> reads, and the token over it,
/// <c>SHA512SUMS.tst</c>. It lists what came to the log since the seal before, and that seal.
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="From">Entries of the log before this one are covered by earlier seals.</param>
/// <param name="Size">Of the log when it was sealed.</param>
/// <param name="Folder">Where it is.</param>
/// <remarks>The rules are those of RFC 4998 (evidence records), in plain files, so that no program is needed to check them.</remarks>
internal sealed partial record Seal(int Number, long From, long Size, string Folder)
{
    public SealPlace Place => new(Folder);

    public string SumsPath => Place.SumsPath;

    public string TokenPath => Place.TokenPath;

    /// <summary>All of an archive, the oldest first.</summary>
    /// <exception cref="LogException">One is missing between two others.</exception>
    public static IReadOnlyList<Seal> List(StoreLayout layout)
    {
        var seals = new List<Seal>();
        foreach (var (number, size, folder) in Folders(layout))
        {
            long from = seals.Count > 0 ? seals[^1].Size : 0;
            seals.Add(number == seals.Count + 1 && size >= from
                ? new Seal(number, from, size, folder)
                : throw new LogException($"seal '{folder}': expected number {seals.Count + 1}, of a log of {from} entries at least"));
        }

        return seals;
    }

    /// <summary>What stands in the folder of seals, the lowest number first; nothing is checked.</summary>
    public static IEnumerable<(int Number, long Size, string Folder)> Folders(StoreLayout layout) => !Directory.Exists(layout.Seals)
        ? []
        : Directory.EnumerateDirectories(layout.Seals)
            .Select(folder => (Folder: folder, Match: Name().Match(Path.GetFileName(folder))))
            .Where(one => one.Match.Success)
            .Select(one => ((int)Parse(one.Match.Groups["number"]), Parse(one.Match.Groups["size"]), one.Folder))
            .OrderBy(one => one);

    /// <summary>The folder of a seal.</summary>
    public static string FolderOf(StoreLayout layout, int number, long size) => Path.Combine(layout.Seals, $"{number:0000}-{size}");

    /// <summary>The one that would come next.</summary>
    public static Seal Next(IReadOnlyList<Seal> seals, long size, StoreLayout layout)
    {
        int number = seals.Count + 1;
        return new Seal(number, seals.Count > 0 ? seals[^1].Size : 0, size, FolderOf(layout, number, size));
    }

    private static long Parse(Group digits) => long.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<number>[0-9]{4,9})-(?<size>0|[1-9][0-9]{0,17})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
