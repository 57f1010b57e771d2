using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Provenance.Fuzz;

/// <summary>Fuzzes targets with afl-fuzz, as many at a time as there are processors, each for so long times the number of processors.</summary>
/// <param name="seconds">By all processors together: a single target is worked on by all of them.</param>
/// <param name="corpus">A folder of inputs for each target, those that are kept.</param>
/// <param name="results">Where faults, and inputs that were found, are left.</param>
internal sealed class FuzzRun(TimeSpan seconds, string corpus, string results)
{
    /// <summary>From then on it goes on where the last one ended.</summary>
    private static readonly TimeSpan LongEnoughToGoOn = TimeSpan.FromSeconds(30);

    /// <summary>The planted fault is three bytes deep: seconds suffice.</summary>
    private static readonly TimeSpan MostForPlanted = TimeSpan.FromSeconds(60);

    /// <param name="names">All when empty.</param>
    /// <returns>The exit status.</returns>
    public int Run(IReadOnlyList<string> names)
    {
        if (Unusable() is { } reason)
        {
            Console.Error.WriteLine(reason);
            return 3;
        }

        string program = Instrumentation.Prepare(Path.Combine(results, "bin"));
        bool isGood = FindsPlanted(program);
        var targets = new ConcurrentQueue<FuzzTarget>(names.Count == 0 ? Targets.All : names.Select(static name =>
            Targets.Find(name) ?? throw new ArgumentException($"there is no target '{name}'")));
        int cores = Environment.ProcessorCount;
        // One alone has all processors; of several each has one, for as much longer.
        int workersEach = targets.Count == 1 ? cores : 1;
        var each = targets.Count == 1 ? seconds : seconds * cores;
        Console.WriteLine(FuzzResult.Heading);
        Task[] lanes = [.. Enumerable.Range(0, targets.Count == 1 ? 1 : cores).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (targets.TryDequeue(out var target))
                {
                    var result = new FuzzSession(target, program, Path.Combine(results, target.Name), workersEach).Fuzz(each, Seeds(target, each));
                    Console.WriteLine(result);
                    foreach (var alike in result.Crashes.Concat(result.Hangs).GroupBy(static fault => fault[(fault.IndexOf(": ", StringComparison.Ordinal) + 2)..]))
                        Console.WriteLine($"  {alike.First()}{(alike.Count() > 1 ? $" (and {alike.Count() - 1} more)" : "")}");
                    foreach (string fault in result.Unrepeated)
                        Console.WriteLine($"  not repeated: {fault}");
                    if (!result.IsGood)
                        Volatile.Write(ref isGood, false);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        Task.WaitAll(lanes);
        return isGood ? 0 : 1;
    }

    public static void WriteSeeds(FuzzTarget target, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (byte[] seed in target.Seeds())
            Write(folder, seed);
    }

    private static string? Unusable() => File.Exists("/usr/bin/afl-fuzz") ? null : "afl-fuzz is not installed (Debian: afl++)";

    /// <summary>Coverage arrives, or nothing that follows means anything.</summary>
    private bool FindsPlanted(string program)
    {
        var session = new FuzzSession(Targets.Find(Planted.Name)!, program, Path.Combine(results, Planted.Name), 1) { UntilCrash = true };
        bool found = session.Fuzz(MostForPlanted, folder => WriteSeeds(Targets.Find(Planted.Name)!, folder)).Crashes.Count > 0;
        Console.WriteLine(found ? "the planted fault was found" : "the planted fault was not found: branches are not told, or this machine is too slow");
        return found;
    }

    private Action<string> Seeds(FuzzTarget target, TimeSpan each) => folder =>
    {
        WriteSeeds(target, folder);
        string[] kept = [Path.Combine(corpus, target.Name), .. each >= LongEnoughToGoOn ? [Path.Combine(results, target.Name, "queue")] : Array.Empty<string>()];
        foreach (string file in kept.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
            Write(folder, File.ReadAllBytes(file));
    };

    private static void Write(string folder, byte[] input)
    {
        using var file = File.Create(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..16]));
        file.Write(input);
    }
}
