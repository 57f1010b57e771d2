using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Wording;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>A file, by its bytes: who made it, who used it, which papers show it.</summary>
public sealed record FilePage
{
    private const int Most = 100;

    public required PageHead Head { get; init; }

    public required string Name { get; init; }

    public required string Algorithm { get; init; }

    public required string Hex { get; init; }

    public Digest? Sha256 { get; init; }

    public required bool IsHere { get; init; }

    public Preview? Preview { get; init; }

    public required IReadOnlyList<FileMatch> MadeBy { get; init; }

    public required IReadOnlyList<FileMatch> UsedBy { get; init; }

    public required IReadOnlyList<CitationRow> Citations { get; init; }

    /// <summary>Whether there may be more of them than the newest that are shown.</summary>
    public required bool IsCut { get; init; }

    /// <summary>How many runs made it and used it, and not more than is known.</summary>
    public string Summary =>
        InWords(MadeBy, "made exactly these bytes", "No run of this archive made these bytes", "None of the newest runs with these bytes made them")
            + $", {InWords(UsedBy, "used them", "none used them", "none of the newest used them")}.";

    /// <returns>Null when no run had such a file, and no paper shows it.</returns>
    internal static FilePage? Find(string hex, Reader reader, Func<string, PageHead> head)
    {
        var matches = reader.Finder.FilesByDigest(hex, Most);
        var sha256 = matches.Select(match => match.Sha256).FirstOrDefault(digest => digest is not null);
        sha256 ??= Digest.TryParseHex(hex, out var asked) ? asked : null;
        var citations = sha256 is null ? [] : reader.Finder.CitationsOfFigure(sha256);
        if (matches.Count == 0 && citations.Count == 0)
        {
            return null;
        }

        string path = matches.Count > 0 ? matches[0].Path : citations[0].Figures[0].Path;
        bool isHere = sha256 is not null && reader.Blobs.Contains(sha256);
        return new FilePage
        {
            Head = head(PageText.Name(path)),
            Name = PageText.Name(path),
            Algorithm = ContentHex.AlgorithmOf(hex),
            Hex = hex,
            Sha256 = sha256,
            IsHere = isHere,
            Preview = isHere ? new Previews(reader.Blobs).Of(path, sha256!, reader.Blobs.SizeOf(sha256!)) : null,
            MadeBy = [.. matches.Where(IsMade)],
            UsedBy = [.. matches.Where(match => !IsMade(match))],
            Citations = citations,
            IsCut = matches.Count == Most,
        };
    }

    private string InWords(IReadOnlyList<FileMatch> files, string what, string none, string noneShown)
    {
        int runs = files.Select(file => file.Run).Distinct().Count();
        return runs == 0 ? IsCut ? noneShown : none : $"{Readable.Count(runs, "run", "runs")}{(IsCut ? " or more" : "")} {what}";
    }

    public static bool IsMade(FileMatch file) => file.Role is FileRole.Generated or FileRole.Stdout or FileRole.Stderr;
}
