using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Is an MPI job among as many others as it was: sums over ranks are taken in the order that their number, places and network give.</summary>
internal static class MpiRules
{
    /// <summary>What launchers tell each rank: MPICH's Hydra, Open MPI.</summary>
    private static readonly string[] SizeVariables = ["PMI_SIZE", "OMPI_COMM_WORLD_SIZE"];

    internal static IReadOnlyList<Rule> All { get; } = [new("MPI-1", Concern.SameResults, OtherRanks)];

    private static Complaint? OtherRanks(Question q)
    {
        int? recorded = q.Run.Hosts.Select(host => host.Ranks).Max()
            ?? SizeVariables.Select(name => Number(q.Variable(name))).FirstOrDefault(n => n is not null);
        int then = recorded ?? 1;
        if (!UsesMpi(q, then))
        {
            return null;
        }

        string[] differences =
        [
            .. Ranks(then, q.Here.Ranks ?? (q.IsAskedHere ? 1 : null)),
            .. then > 1 ? Nodes(q) : [],
            .. then > 1 && recorded is not null ? Fabrics(q) : [],
        ];
        return differences.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the job computes with MPI: {string.Join("; ", differences)}; sums over ranks can then round differently",
                Evidence = differences,
                Remedy = $"for the same digits start it as {Count(then, "rank")} by the same launcher, on the same number of nodes with the same network",
            };
    }

    /// <summary>Where nobody saw what was loaded, a launcher's other ranks tell.</summary>
    private static bool UsesMpi(Question q, int ranks) => q.Run.Injected.Any(file => file.Reason == "mpi")
        || (q.Run.Libraries?.Any(library => library.Role == "mpi") ?? (ranks > 1));

    private static IEnumerable<string> Ranks(int then, int? here)
    {
        if (here is { } now && now != then)
        {
            yield return $"{Count(then, "rank")} then, {now} here";
        }
    }

    private static IEnumerable<string> Nodes(Question q)
    {
        if (q.Run.Hosts.Select(host => host.Scheduler?.NodeCount).Max() is { } then && q.Here.Scheduler?.NodeCount is { } here && then != here)
        {
            yield return $"{Count(then, "node")} then, {here} here";
        }
    }

    /// <summary>Profiles before this was looked at have no number of ranks either.</summary>
    private static IEnumerable<string> Fabrics(Question q)
    {
        string[] then = [.. q.Run.Hosts.Where(host => host.Ranks is not null).SelectMany(host => host.Fabrics ?? []).Distinct().Order(StringComparer.Ordinal)];
        bool isKnown = q.Run.Hosts.Any(host => host.Ranks is not null) && (q.Here.Fabrics is not null || q.IsAskedHere);
        if (isKnown && !then.SequenceEqual(q.Here.Fabrics ?? []))
        {
            yield return $"the network was {Named(then)}, and is {Named(q.Here.Fabrics ?? [])} here";
        }
    }

    private static string Named(IReadOnlyList<string> fabrics) => fabrics.Count == 0 ? "an ordinary one" : string.Join(" and ", fabrics);

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
