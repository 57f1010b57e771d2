using System.Diagnostics;
using System.Globalization;

namespace Provenance.Million;

/// <summary>
/// <c>make FOLDER RUNS SIGNED</c> makes an archive; <c>load FOLDER ADDRESS SECONDS RATE PID [TOKEN]</c> asks a server of it, and prints how long answers
/// took and how much memory the server had at most; <c>addresses FOLDER COUNT</c> prints what would be asked.
/// </summary>
internal static class Program
{
    private const int WarmSeconds = 10;

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["make", var folder, var runs, var signed]:
                Make(folder, Number(runs), Number(signed));
                return 0;
            case ["load", var folder, var address, var seconds, var rate, var process, .. var token]:
                await LoadAsync(folder, new Uri(address), Number(seconds), Number(rate), Number(process), token.FirstOrDefault());
                return 0;
            case ["addresses", var folder, var count]:
                Print(folder, Number(count));
                return 0;
            default:
                await Console.Error.WriteLineAsync("make FOLDER RUNS SIGNED | load FOLDER ADDRESS SECONDS RATE PID [TOKEN] | addresses FOLDER COUNT");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void Make(string folder, int runs, int signed)
    {
        var clock = Stopwatch.StartNew();
        string scratch = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"prov-million-{Environment.ProcessId}");
        try
        {
            new ArchiveMaker(folder, scratch).Make(runs, signed, done => Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0} s: {done}"));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0} s: {runs} runs, {signed} of them whole");
    }

    private static void Print(string folder, int count)
    {
        using var addresses = new Addresses(folder, 1);
        foreach (var (kind, path) in addresses.Make(count))
        {
            Console.WriteLine($"{kind}\t{path}");
        }
    }

    private static async Task LoadAsync(string folder, Uri address, int seconds, int rate, int process, string? token)
    {
        IReadOnlyList<(string Kind, string Path)> before, asked;
        using (var addresses = new Addresses(folder, 20_261_129))
        {
            before = addresses.Make(WarmSeconds * rate);
            asked = addresses.Make(seconds * rate);
        }

        using var load = new ConstantRate(address, token);
        await load.RunAsync(before, rate, counts: false);
        var processor = Environment.CpuUsage.TotalTime;
        double served = ProcessorSeconds(process);
        var clock = Stopwatch.StartNew();
        await load.RunAsync(asked, rate, counts: true);
        Console.WriteLine($"{asked.Count} requests in {clock.Elapsed.TotalSeconds:0.0} s, {rate} a second; {load.Bytes / 1e6:0} MB of answers; "
            + $"processor time: the server {(ProcessorSeconds(process) - served) / clock.Elapsed.TotalSeconds:0.00} cores, "
            + $"this tool {(Environment.CpuUsage.TotalTime - processor) / clock.Elapsed:0.00}; the server's memory at most {PeakMegabytes(process):0} MB\n");
        Console.WriteLine("| ms from when it was due | requests | p50 | p90 | p99 | p99.9 | max |\n|---|---|---|---|---|---|---|");
        foreach (var (kind, of) in load.Of.OrderBy(pair => pair.Key != "all").ThenByDescending(pair => pair.Value.Quantile(0.99)))
        {
            Console.WriteLine($"| {(kind == "all" ? "**all**" : kind)} | {of.Count} | {of.Quantile(0.5):0.0} | {of.Quantile(0.9):0.0} | {of.Quantile(0.99):0.0} "
                + $"| {of.Quantile(0.999):0.0} | {of.Quantile(1):0.0} |");
        }

        Console.WriteLine();
        foreach (var (what, times) in load.Bad.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"status of {what}, {times} times");
        }

        foreach (var (milliseconds, path) in load.Slowest)
        {
            await Console.Error.WriteLineAsync($"{milliseconds,9:0.0} ms {path}");
        }
    }

    /// <summary>proc(5): VmHWM, the largest resident set so far.</summary>
    private static double PeakMegabytes(int process) =>
        double.Parse(
            File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) * 1024 / 1e6;

    /// <summary>proc(5): utime and stime, in hundredths of a second.</summary>
    private static double ProcessorSeconds(int process)
    {
        string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        return fields.Skip(11).Take(2).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;
    }
}
