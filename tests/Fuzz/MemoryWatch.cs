using System.Diagnostics;
using System.Globalization;

namespace Provenance.Fuzz;

/// <summary>Looks at the memory of every process that a fuzzer has started, down to the readers.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>The most that one of them had at any time (VmHWM), in MiB.</summary>
    public long PeakMiB { get; private set; }

    /// <summary>Until all have ended; those that have not by then are ended.</summary>
    public void Until(IReadOnlyList<Process> fuzzers, TimeSpan most)
    {
        while (fuzzers.Any(static one => !one.HasExited))
        {
            foreach (var fuzzer in fuzzers.Where(static one => !one.HasExited))
            {
                if (_clock.Elapsed > most)
                    fuzzer.Kill(entireProcessTree: true);
                foreach (string process in Below($"{fuzzer.Id}"))
                    PeakMiB = Math.Max(PeakMiB, Peak(process) >> 10);
            }

            Thread.Sleep(Pause);
        }
    }

    public void Dispose() => _clock.Stop();

    private static IEnumerable<string> Below(string process)
    {
        foreach (string child in Read($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return child;
            foreach (string further in Below(child))
                yield return further;
        }
    }

    /// <summary>In KiB; 0 when it is gone. Source: proc(5), status.</summary>
    private static long Peak(string process)
    {
        string? line = Read($"/proc/{process}/status").Split('\n').FirstOrDefault(static one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
