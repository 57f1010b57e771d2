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
    private const string CountVariable = "PROV_BENCH_RECORDS", RoundsVariable = "PROV_BENCH_ROUNDS";
    private const int UsualRounds = 3;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable(RoundsVariable), out int rounds) ? rounds : UsualRounds;

    [Fact]
    public void Waiting_records_are_sequenced_and_indexed()
    {
        Assert.SkipUnless(
            int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out int count), $"a measurement: {CountVariable} says of how many records");
        for (int round = 1; round <= Rounds; round++)
        {
            using var archive = new SampleArchive();
            var preparing = Stopwatch.StartNew();
            Prepare(archive, count);
            Say($"{count} records signed and acknowledged in {preparing.Elapsed.TotalSeconds:0.0} s: {count / preparing.Elapsed.TotalSeconds:0} records/s");
            var intake = new RecordIntake(archive.Blobs, RealFolderSync.Sync);
            var cpu = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();

            var report = intake.SequenceIncoming();

            clock.Stop();
            Assert.Equal((SequencingOutcome.Done, count), (report.Outcome, report.Sequenced));
            Say($"{count} records in log and catalog in {clock.Elapsed.TotalSeconds:0.00} s: {count / clock.Elapsed.TotalSeconds:0} records/s, "
                + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / count:0.000} ms of CPU each");
            Audit(archive, count);
            TellSize(archive.Layout, count);
        }
    }

    private static void Audit(SampleArchive archive, int count)
    {
        var clock = Stopwatch.StartNew();
        var report = new LogAuditor(LogPlace.Open(archive.Layout.Root), LogKeyStore.FindVerifier(archive.Layout)!, KnownKeys.None).Audit(
            seen: null, all: false, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal((AuditOutcome.Consistent, count), (report.Outcome, report.Checked));
        Say($"  the log audited in {clock.Elapsed.TotalSeconds:0.00} s");
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

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>Signed and acknowledged, as recorders leave them, none of them in the log.</summary>
    private static void Prepare(SampleArchive archive, int count) => Parallel.For(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            byte[] statement = archive.Run(number);
            archive.Intake().Acknowledge(RecordKind.Run, statement, archive.Sign(statement));
        });
}
