using System.Globalization;

namespace Provenance.Fuzz;

/// <summary>What came of fuzzing one target.</summary>
internal sealed record FuzzResult
{
    /// <summary>Heap and all else of the process that reads, in MiB.</summary>
    public const long MostPeakMiB = 500;

    public required string Target { get; init; }

    public required long Runs { get; init; }

    /// <summary>By all workers together.</summary>
    public required double Seconds { get; init; }

    /// <summary>Branches that some input took, of the one that saw most.</summary>
    public required long Edges { get; init; }

    /// <summary>Inputs of which each takes a branch, or a number of times, that no other does.</summary>
    public required int Corpus { get; init; }

    public required long PeakMiB { get; init; }

    public required IReadOnlyList<string> Crashes { get; init; }

    public required IReadOnlyList<string> Hangs { get; init; }

    /// <summary>Put aside by afl-fuzz, and read without fault when they were read again.</summary>
    public required IReadOnlyList<string> Unrepeated { get; init; }

    /// <summary>Why it could not be done; null where it could.</summary>
    public string? Failure { get; init; }

    public bool IsGood => Failure is null && Crashes.Count == 0 && Hangs.Count == 0 && PeakMiB <= MostPeakMiB;

    public static string Heading => $"{"target",-20}{"runs",12}{"runs/s",9}{"seconds",9}{"edges",8}{"corpus",8}{"peak MiB",10}{"crashes",9}{"hangs",7}";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target,-20}{Runs,12}{Runs / Math.Max(Seconds, 0.1),9:0}{Seconds,9:0}{Edges,8}{Corpus,8}{PeakMiB,10}{Crashes.Count,9}{Hangs.Count,7}{(Failure is null ? "" : $"  {Failure}")}");
}
