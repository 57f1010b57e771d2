using System.Diagnostics;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>How fast records that wait become entries of the log and rows of the catalog. <c>tests/Benchmarks/run.sh PROV ingest</c> runs it.</summary>
public sealed class IngestBench
{
    private const string CountVariable = "PROV_BENCH_RECORDS";
    private const int Rounds = 3;

    [Fact]
    public void Waiting_records_are_sequenced_and_indexed()
    {
        Assert.SkipUnless(
            int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out int count), $"a measurement: {CountVariable} says of how many records");
        for (int round = 1; round <= Rounds; round++)
        {
            using var archive = new SampleArchive();
            Prepare(archive, count);
            var intake = new RecordIntake(archive.Blobs, RealFolderSync.Sync);
            var cpu = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();

            var report = intake.SequenceIncoming();

            clock.Stop();
            Assert.Equal((SequencingOutcome.Done, count), (report.Outcome, report.Sequenced));
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{count} records in {clock.Elapsed.TotalSeconds:0.00} s: {count / clock.Elapsed.TotalSeconds:0} records/s, "
                + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / count:0.000} ms of CPU each");
        }
    }

    /// <summary>Signed and acknowledged, as recorders leave them, none of them in the log.</summary>
    private static void Prepare(SampleArchive archive, int count) => Parallel.For(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            byte[] statement = archive.Run(number);
            archive.Intake().Acknowledge(RecordKind.Run, statement, archive.Sign(statement));
        });
}
