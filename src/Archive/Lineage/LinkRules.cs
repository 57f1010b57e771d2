using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Lineage;

/// <summary>Which of the runs that made a content is the one an input came from. Rules in schema/FORMAT.d/lineage.md.</summary>
public static class LinkRules
{
    /// <summary>A content of so many bytes or fewer is often the same by chance: <c>0\n</c>, <c>done\n</c>. In bytes.</summary>
    public const int SmallBytes = 32;

    /// <summary>Whether what one run made can be what another run had.</summary>
    /// <remarks>Same bytes, made by another run that had ended, not empty; and when it is small, called the same.</remarks>
    public static bool MayLink(LineageFile made, LineageFile used) =>
        used.Sha256 is not null
        && made.Sha256 == used.Sha256
        && made.Run != used.Run
        && made.EndedAt <= used.StartedAt
        && used.Size > 0
        && (used.Size > SmallBytes || made.Name == used.Name);

    /// <summary>Of those that can be: at the same path, else of the same name, else any; and of these the one that ended last.</summary>
    /// <param name="made">Files that other runs made.</param>
    /// <param name="used">The input.</param>
    /// <returns>Null when nothing links.</returns>
    public static LinkedFile? Choose(IEnumerable<LineageFile> made, LineageFile used)
    {
        var ranked = made.Where(file => MayLink(file, used))
            .OrderBy(file => Likeness(file, used))
            .ThenByDescending(file => file.EndedAt)
            .ThenBy(file => file.Run.Hex, StringComparer.Ordinal)
            // What a run printed and a shell put into a file is both; only the stream is the run's own.
            .ThenBy(file => file.Role != FileRole.Stdout)
            .ToList();
        return ranked.Count == 0 ? null : Link(ranked[0], used, ranked);
    }

    /// <summary>A link, with the other runs that could be its beginning.</summary>
    public static LinkedFile Link(LineageFile made, LineageFile used, IEnumerable<LineageFile> all) => new()
    {
        Made = made,
        Used = used,
        Alternatives = OthersOf(made.Run, all.Where(file => MayLink(file, used))),
    };

    private static IReadOnlyList<Digest> OthersOf(Digest run, IEnumerable<LineageFile> made) =>
    [
        .. made.Where(file => file.Run != run)
            .OrderByDescending(file => file.EndedAt)
            .Select(file => file.Run)
            .Distinct(),
    ];

    private static int Likeness(LineageFile made, LineageFile used)
    {
        if (made.Path == used.Path)
        {
            return 0;
        }

        return made.Name == used.Name ? 1 : 2;
    }
}
