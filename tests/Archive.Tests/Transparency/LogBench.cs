using System.Diagnostics;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>What it costs to append, sign, prove and follow. <c>tests/Benchmarks/run.sh PROV log</c> runs it.</summary>
public sealed class LogBench : IDisposable
{
    private const string CountVariable = "PROV_BENCH_ENTRIES";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public void Entries_are_appended_signed_proved_and_followed(int batch)
    {
        Assert.SkipUnless(
            int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out int count), $"a measurement: {CountVariable} says of how many entries");
        count = batch == 1 ? count / 100 : count;
        var layout = new StoreLayout(_folder.Path);
        var log = new TransparencyLog(layout, RealFolderSync.Sync);
        var proofs = new LogProofs(layout, RealFolderSync.Sync);
        var appending = new Stopwatch();
        var proving = new Stopwatch();
        for (int from = 0; from < count; from += batch)
        {
            byte[][] entries = [.. SampleLog.Numbers(from, batch)];
            appending.Start();
            var checkpoint = log.Append(entries);
            appending.Stop();
            proving.Start();
            proofs.Keep(entries.Select(entry => LogLeaf.Parse(entry).Record.Digest), from, checkpoint);
            proving.Stop();
        }

        Tell($"{count} entries, {batch} with a checkpoint: appended and signed", appending, count);
        Tell("  proofs made and kept", proving, count);
        Tell("  every kept proof read and verified, signature included", Time(() => VerifyAll(layout, log, proofs, count)), count);
        var key = LogKeyStore.FindVerifier(layout)!;
        Tell("  the whole log followed for the first time", Time(() => Audit(layout, key, seen: null, count)), count);
        Tell("  followed again, nothing new", Time(() => Audit(layout, key, log.FindCheckpoint(), 0)), 1);
        Say($"  bytes of an entry in log/ {Size(layout.Log) / (double)count:0}, its proof {Size(layout.Proofs) / (double)count:0}");
    }

    private static void VerifyAll(StoreLayout layout, TransparencyLog log, LogProofs proofs, int count)
    {
        var known = KnownKeys.Load(layout);
        int verified = 0;
        foreach (byte[] entry in log.Entries(0, count))
        {
            var proof = proofs.Find(LogLeaf.Parse(entry).Record.Digest)!;
            verified += proof.Includes(entry) && proof.Checkpoint.Verify(known).Log is not null ? 1 : 0;
        }

        Assert.Equal(count, verified);
    }

    private static void Audit(StoreLayout layout, VerifierKey key, SignedCheckpoint? seen, long read)
    {
        var report = new LogAuditor(LogPlace.Open(layout.Root), key, KnownKeys.None).Audit(
            seen, all: false, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal((AuditOutcome.Consistent, read), (report.Outcome, report.Checked));
    }

    private static Stopwatch Time(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        clock.Stop();
        return clock;
    }

    private static long Size(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Tell(string what, Stopwatch clock, int count) => Say(
        $"{what}: {clock.Elapsed.TotalSeconds:0.000} s, {count / clock.Elapsed.TotalSeconds:0}/s, {clock.Elapsed.TotalMilliseconds / count:0.000} ms each");

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
