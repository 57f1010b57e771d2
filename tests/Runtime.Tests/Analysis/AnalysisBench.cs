using System.Diagnostics;
using Provenance.Runtime.Analysis;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>How fast code is looked into, on one core: for tests/Benchmarks. PROV_BENCH_FILES names the files, separated by colons.</summary>
public sealed class AnalysisBench(ITestOutputHelper output)
{
    private const string Variable = "PROV_BENCH_FILES";
    private const int Repetitions = 3;

    [Fact]
    public void Code_a_second()
    {
        string? files = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(files), $"{Variable} is not set");
        foreach (string path in files!.Split(':').Where(File.Exists))
        {
            byte[] content = File.ReadAllBytes(path);
            var best = TimeSpan.MaxValue;
            long bytes = 0;
            for (int i = 0; i < Repetitions; i++)
            {
                var watch = Stopwatch.StartNew();
                var code = new CodeObject(content);
                _ = new Reachability(code, new HashSet<string>(), isOnlyFor: false).Find();
                bytes = code.CodeBytes;
                best = watch.Elapsed < best ? watch.Elapsed : best;
            }

            output.WriteLine($"{Path.GetFileName(path)} | {bytes / 1e6:f1} MB | {best.TotalMilliseconds:f0} ms | {bytes / 1e6 / best.TotalSeconds:f0} MB/s");
        }
    }
}
