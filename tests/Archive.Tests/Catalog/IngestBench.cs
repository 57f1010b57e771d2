using System.Diagnostics;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>How fast records that wait become entries of the log and rows of the catalog. <c>tests/Benchmarks/run.sh PROV ingest</c> runs it.</summary>
public sealed class IngestBench
{
    private const string CountVariable = "PROV_BENCH_RECORDS", RoundsVariable = "PROV_BENCH_ROUNDS", SecondsVariable = "PROV_BENCH_SECONDS";
    private const int UsualRounds = 3, FewRecords = 20_000;

    /// <summary>So many wait at a time, as a busy cluster leaves them: a hundred thousand at once are a folder of that many files, and say nothing of ours.</summary>
    private const int MostWaiting = 5_000;

    private static int Seconds => Number(SecondsVariable) ?? int.MaxValue;

    [Fact]
    public void Waiting_records_are_sequenced_and_indexed()
    {
        Assert.SkipUnless(Number(CountVariable) is not null, $"a measurement: {CountVariable} says of how many records");
        int count = Number(CountVariable)!.Value;
        int rounds = Number(RoundsVariable) ?? (count <= FewRecords ? UsualRounds : 1);
        for (int round = 1; round <= rounds; round++)
        {
            using var archive = new SampleArchive();
            int done = Ingest(archive, count);
            if (done < count)
                Say($"ended after {Seconds} s ({SecondsVariable}): what follows is of {done} records, not of {count}");
            Audit(archive, done);
            Verify(archive, done);
            TellSize(archive.Layout, done);
            using var self = Process.GetCurrentProcess();
            Say($"  the most memory that it had: {self.PeakWorkingSet64 >> 20} MiB");
        }
    }

    /// <returns>How many there was time for.</returns>
    private static int Ingest(SampleArchive archive, int count)
    {
        var all = Stopwatch.StartNew();
        var preparing = new Stopwatch();
        var sequencing = new Stopwatch();
        var cpu = TimeSpan.Zero;
        int done = 0;
        while (done < count && all.Elapsed.TotalSeconds < Seconds)
        {
            int more = Math.Min(MostWaiting, count - done);
            preparing.Start();
            Prepare(archive, done, more);
            preparing.Stop();
            var (cpuBefore, before) = (Environment.CpuUsage.TotalTime, sequencing.Elapsed);
            sequencing.Start();
            var report = new RecordIntake(archive.Blobs, RealFolderSync.Sync).SequenceIncoming();
            sequencing.Stop();
            Assert.Equal((SequencingOutcome.Done, more), (report.Outcome, report.Sequenced));
            cpu += Environment.CpuUsage.TotalTime - cpuBefore;
            done += more;
            Say($"  up to record {done}: {more / (sequencing.Elapsed - before).TotalSeconds:0} records/s into log and catalog");
        }

        Say($"{done} records signed and acknowledged in {preparing.Elapsed.TotalSeconds:0.0} s: {done / preparing.Elapsed.TotalSeconds:0} records/s");
        Say($"{done} records in log and catalog, with their proofs, in {sequencing.Elapsed.TotalSeconds:0.00} s: {done / sequencing.Elapsed.TotalSeconds:0} records/s, "
            + $"{cpu.TotalMilliseconds / done:0.000} ms of CPU each");
        return done;
    }

    private static void Audit(SampleArchive archive, int count)
    {
        var clock = Stopwatch.StartNew();
        var report = new LogAuditor(LogPlace.Open(archive.Layout.Root), LogKeyStore.FindVerifier(archive.Layout)!, KnownKeys.None).Audit(
            seen: null, all: false, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal((AuditOutcome.Consistent, count), (report.Outcome, report.Checked));
        Say($"  the log audited in {clock.Elapsed.TotalSeconds:0.00} s");
    }

    /// <summary>Each record has a proof that holds, and a row: what is measured is whole.</summary>
    private static void Verify(SampleArchive archive, int count)
    {
        var clock = Stopwatch.StartNew();
        var known = KnownKeys.Load(archive.Layout);
        var proofs = new LogProofs(archive.Layout, SampleArchive.Sync);
        using var finder = archive.Finder();
        int proved = 0;
        foreach (byte[] entry in archive.Log.Entries(0, count))
        {
            var record = LogLeaf.Parse(entry).Record.Digest;
            proved += proofs.Find(record) is { } proof && proof.Includes(entry) && proof.Checkpoint.Verify(known).Log is not null
                && finder.Find(record.Hex) is not null ? 1 : 0;
        }

        Assert.Equal(count, proved);
        Say($"  every proof verified and every row found in {clock.Elapsed.TotalSeconds:0.00} s: {count / clock.Elapsed.TotalSeconds:0} records/s");
    }

    private static void TellSize(StoreLayout layout, int count)
    {
        foreach (string part in (string[])[layout.Blobs, layout.Log, layout.Proofs])
        {
            var files = new DirectoryInfo(part).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Length).ToList();
            Say($"  {Path.GetFileName(part)}: {files.Sum() / (double)count:0} bytes of a record, {files.Count / (double)count:0.00} files");
        }

        Say($"  catalog: {new FileInfo(layout.CatalogDatabase).Length / (double)count:0} bytes of a record");
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>Signed and acknowledged, as recorders leave them, none of them in the log.</summary>
    private static void Prepare(SampleArchive archive, int first, int count) => Parallel.For(
        first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            byte[] statement = archive.Run(number);
            archive.Intake().Acknowledge(RecordKind.Run, statement, archive.Sign(statement));
        });
}
