using System.Diagnostics;
using System.Globalization;

namespace Provenance.Fuzz;

/// <summary>One target under afl-fuzz.</summary>
/// <param name="target">What is fuzzed.</param>
/// <param name="program">Instrumented.</param>
/// <param name="results">Folder for what is found.</param>
/// <param name="workers">Processes of afl-fuzz that share what they find.</param>
internal sealed class FuzzSession(FuzzTarget target, string program, string results, int workers)
{
    /// <summary>Of the reader's heap: beyond it .NET throws, which is a crash.</summary>
    private const long MostHeapBytes = FuzzResult.MostPeakMiB << 20;

    private const int MostInputBytes = 1 << 18;

    /// <summary>
    /// After so long the reader is ended, which SharpFuzz reports as a crash. On a busy machine it says little: whatever is put aside is read again alone, and
    /// then its processor time counts.
    /// </summary>
    private const int PatienceMilliseconds = 10_000;

    private static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(10);

    /// <summary>Beside the time to fuzz: .NET starts, and each seed is read a few times first.</summary>
    private static readonly TimeSpan MostForStart = TimeSpan.FromMinutes(5);

    public bool UntilCrash { get; init; }

    public FuzzResult Fuzz(TimeSpan time, Action<string> writeSeeds)
    {
        // In memory: millions of inputs are written.
        string room = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string work = Path.Combine(room, $"prov-fuzz-{Environment.ProcessId}-{target.Name}");
        Directory.CreateDirectory(Path.Combine(work, "tmp"));
        Directory.CreateDirectory(Path.Combine(work, "in"));
        try
        {
            writeSeeds(Path.Combine(work, "in"));
            using var watch = new MemoryWatch();
            Process[] started = [.. Enumerable.Range(0, workers).Select(worker => Start(work, worker, time))];
            watch.Until(started, time + MostForStart);
            foreach (var one in started)
                one.Dispose();
            return Collect(work, watch.PeakMiB);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private Process Start(string work, int worker, TimeSpan time)
    {
        string seconds = time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        string[] role = workers == 1 ? [] : worker == 0 ? ["-M", "0"] : ["-S", $"{worker}"];
        var start = new ProcessStartInfo("/bin/sh", [
            // Its words to a file: a pipe that nobody reads would stop it.
            "-c", "log=$1; shift; exec afl-fuzz \"$@\" >\"$log\" 2>&1 </dev/null", "sh", Path.Combine(work, $"log{worker}"), "-i", Path.Combine(work, "in"), "-o",
            Path.Combine(work, "out"), .. role, "-V", seconds, "-t", $"{PatienceMilliseconds}", "-m", "none", "-G", $"{MostInputBytes}", "--", "dotnet", program,
            "target", target.Name,
        ]);
        Set(start.Environment, work);
        return Process.Start(start)!;
    }

    private void Set(IDictionary<string, string?> environment, string work)
    {
        environment["DOTNET_GCHeapHardLimit"] = $"0x{MostHeapBytes:x}";
        environment["DOTNET_GCHeapCount"] = "1";
        environment["TMPDIR"] = Path.Combine(work, "tmp");
        environment["AFL_SKIP_BIN_CHECK"] = "1";
        environment["AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES"] = "1";
        environment["AFL_SKIP_CPUFREQ"] = "1";
        environment["AFL_NO_AFFINITY"] = "1";
        environment["AFL_NO_UI"] = "1";
        environment["AFL_MAP_SIZE"] = "65536";
        environment["AFL_FORKSRV_INIT_TMOUT"] = "120000";
        if (UntilCrash)
            environment["AFL_BENCH_UNTIL_CRASH"] = "1";
    }

    private FuzzResult Collect(string work, long peakMiB)
    {
        Directory.CreateDirectory(results);
        string[] outs = Directory.Exists(Path.Combine(work, "out")) ? Directory.GetDirectories(Path.Combine(work, "out")) : [];
        var stats = outs.Select(Stats).Where(static one => one.Count > 0).ToList();
        foreach (string log in Directory.EnumerateFiles(work, "log*"))
            File.Copy(log, Path.Combine(results, Path.GetFileName(log)), overwrite: true);
        string queue = Keep(outs, "queue").Folder;
        var faults = Keep(outs, "crashes").Files.Concat(Keep(outs, "hangs").Files).Select(Describe).ToLookup(static fault => fault.Outcome, static fault => fault.Words);
        return new FuzzResult
        {
            Target = target.Name,
            Runs = stats.Sum(one => Number(one, "execs_done")),
            Seconds = stats.Sum(one => Number(one, "run_time")),
            Edges = stats.Select(one => Number(one, "edges_found")).DefaultIfEmpty().Max(),
            Corpus = Directory.GetFiles(queue).Length,
            PeakMiB = peakMiB,
            Crashes = [.. faults[ReplayOutcome.Crash]],
            Hangs = [.. faults[ReplayOutcome.Hang]],
            Unrepeated = [.. faults[ReplayOutcome.Read]],
            Failure = stats.Count < workers ? $"afl-fuzz ended early: {Path.Combine(results, "log0")}" : null,
        };
    }

    /// <summary>Copies what was found out of the memory it is in. Earlier faults stay; the queue holds what the earlier ones led to.</summary>
    private (string Folder, IReadOnlyList<string> Files) Keep(IEnumerable<string> outs, string kind)
    {
        string folder = Path.Combine(results, kind);
        if (kind == "queue" && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var kept = new List<string>();
        foreach (string file in outs.Select(one => Path.Combine(one, kind)).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
        {
            if (!Path.GetFileName(file).StartsWith("id:", StringComparison.Ordinal))
                continue;

            using var hashed = File.OpenRead(file);
            string name = Path.Combine(folder, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(hashed))[..16]);
            File.Copy(file, name, overwrite: true);
            kept.Add(name);
        }

        return (folder, kept);
    }

    /// <summary>What comes of one input alone: <c>PATH: understood, 3 ms</c>, or what else became of it.</summary>
    private (ReplayOutcome Outcome, string Words) Describe(string file)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Provenance.Fuzz.dll"), "replay", target.Name, file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{MostHeapBytes:x}";
        using var replay = Process.Start(start)!;
        var output = replay.StandardOutput.ReadToEndAsync();
        var error = replay.StandardError.ReadToEndAsync();
        while (!replay.WaitForExit(TimeSpan.FromMilliseconds(200)))
        {
            if (replay.TotalProcessorTime <= MostProcessorTime)
                continue;

            replay.Kill(entireProcessTree: true);
            return (ReplayOutcome.Hang, $"{file}: more than {MostProcessorTime.TotalSeconds} s of processor time");
        }

        string[] words = (replay.ExitCode == 0 ? output.Result : error.Result).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return replay.ExitCode == 0
            ? (ReplayOutcome.Read, words[^1])
            : (ReplayOutcome.Crash, $"{file}: {string.Join(" | ", words.Take(6).Select(static word => word.Trim()))}");
    }

    private static Dictionary<string, string> Stats(string folder)
    {
        string file = Path.Combine(folder, "fuzzer_stats");
        return !File.Exists(file) ? [] : File.ReadLines(file).Select(static line => line.Split(':', 2)).Where(static pair => pair.Length == 2)
            .ToDictionary(static pair => pair[0].Trim(), static pair => pair[1].Trim());
    }

    private static long Number(Dictionary<string, string> stats, string name) =>
        stats.TryGetValue(name, out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
