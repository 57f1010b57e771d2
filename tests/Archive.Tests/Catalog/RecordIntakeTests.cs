using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

public sealed class RecordIntakeTests : IDisposable
{
    private readonly SampleArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void An_accepted_record_is_in_the_log_and_the_catalog_and_no_longer_incoming()
    {
        byte[] statement = _archive.Run();
        var intake = _archive.Intake();

        var record = intake.Accept(RecordKind.Run, statement, _archive.Sign(statement));

        Assert.Equal(Digest.Of(statement), record);
        Assert.Equal([record.Hex], _archive.Logged());
        Assert.Equal(SequencingOutcome.Done, intake.LastSequencing?.Outcome);
        Assert.Empty(intake.LastSequencing!.Problems);
        Assert.Empty(Directory.EnumerateFiles(_archive.Layout.Incoming));
        using var finder = _archive.Finder();
        Assert.Equal(0, finder.Get(record.Hex[..12]).LogIndex);
        Assert.Equal(statement, finder.Read(finder.Get(record.Hex)).Statement.ToArray());
    }

    [Fact]
    public void The_same_record_twice_is_one_entry()
    {
        var first = _archive.Accept();
        var second = _archive.Accept();

        Assert.Equal(first, second);
        Assert.Equal(1, _archive.Log.Size);
        Assert.Empty(Directory.EnumerateFiles(_archive.Layout.Incoming));
    }

    [Fact]
    public void A_statement_of_another_kind_is_refused_and_nothing_is_acknowledged()
    {
        byte[] statement = _archive.Run();
        byte[] signature = _archive.Sign(statement);

        Assert.Throws<RecordFormatException>(() => _archive.Intake().Accept(RecordKind.Image, statement, signature));
        Assert.False(Directory.Exists(_archive.Layout.Incoming));
    }

    [Fact]
    public void A_signature_over_another_statement_is_refused_and_nothing_is_acknowledged()
    {
        byte[] signature = _archive.Sign(_archive.Run(1));

        Assert.Throws<TrustException>(() => _archive.Intake().Accept(RecordKind.Run, _archive.Run(2), signature));
        Assert.False(Directory.Exists(_archive.Layout.Incoming));
    }

    [Theory]
    [InlineData(SequencingStep.Acknowledged)]
    [InlineData(SequencingStep.CaughtUp)]
    [InlineData(SequencingStep.Appended)]
    [InlineData(SequencingStep.Indexed)]
    [InlineData(SequencingStep.Removed)]
    public void A_crash_after_acknowledgement_loses_nothing_and_doubles_nothing(object step)
    {
        var before = _archive.Accept(1);
        byte[] statement = _archive.Run(2);
        var crashing = new RecordIntake(_archive.Blobs, SampleArchive.Sync, at => CrashAt(at, (SequencingStep)step));

        Assert.Throws<OperationCanceledException>(
            () => crashing.Accept(RecordKind.Run, statement, _archive.Sign(statement)));
        using (var finder = _archive.Finder())
        {
            Assert.Equal(Digest.Of(statement), finder.Get(Digest.Of(statement).Hex[..12]).Record);
        }

        _archive.Intake().SequenceIncoming();

        Assert.Equal([before.Hex, Digest.Of(statement).Hex], _archive.Logged());
        Assert.Empty(Directory.EnumerateFiles(_archive.Layout.Incoming));
    }

    [Fact]
    public void A_crash_before_acknowledgement_leaves_no_record()
    {
        byte[] statement = _archive.Run();
        var crashing = new RecordIntake(_archive.Blobs, SampleArchive.Sync, at => CrashAt(at, SequencingStep.Kept));

        Assert.Throws<OperationCanceledException>(
            () => crashing.Accept(RecordKind.Run, statement, _archive.Sign(statement)));

        using var finder = _archive.Finder();
        Assert.Null(finder.Find(Digest.Of(statement).Hex));
    }

    [Fact]
    public void While_another_holds_the_lock_a_record_waits_and_is_found_and_the_next_sequences_it()
    {
        Digest waiting;
        using (ArchiveLock.TryTake(_archive.Layout))
        {
            byte[] statement = _archive.Run(1);
            var intake = _archive.Intake();
            waiting = intake.Accept(RecordKind.Run, statement, _archive.Sign(statement));

            Assert.Equal(SequencingOutcome.Busy, intake.LastSequencing?.Outcome);
            using var finder = _archive.Finder();
            Assert.Null(finder.Get(waiting.Hex[..12]).LogIndex);
            Assert.Equal("python3 fit.py --number=1", finder.Runs(new RunQuery()).Single().Command);
        }

        var next = _archive.Accept(2);

        Assert.Equal(new[] { waiting.Hex, next.Hex }.Order(), _archive.Logged().Order());
    }

    [Fact]
    public void A_catalog_that_cannot_be_opened_leaves_the_record_incoming()
    {
        File.WriteAllText(_archive.Layout.CatalogDatabase, new string('x', 5000));
        byte[] statement = _archive.Run();
        var intake = _archive.Intake();

        var record = intake.Accept(RecordKind.Run, statement, _archive.Sign(statement));

        Assert.Equal(SequencingOutcome.Unable, intake.LastSequencing?.Outcome);
        Assert.Contains("file is not a database", Assert.Single(intake.LastSequencing!.Problems));
        Assert.True(File.Exists(Path.Combine(_archive.Layout.Incoming, record.Hex)));
        File.Delete(_archive.Layout.CatalogDatabase);
        Assert.Equal(1, _archive.Intake().SequenceIncoming().Sequenced);
    }

    [Fact]
    public void An_incoming_record_whose_blob_is_damaged_stays_and_keeps_nobody_else_waiting()
    {
        byte[] statement = _archive.Run(1);
        var damaged = _archive.Intake().Acknowledge(RecordKind.Run, statement, _archive.Sign(statement));
        File.Delete(_archive.Layout.BlobPath(damaged));

        byte[] good = _archive.Run(2);
        var intake = _archive.Intake();
        var record = intake.Accept(RecordKind.Run, good, _archive.Sign(good));

        Assert.Equal([record.Hex], _archive.Logged());
        Assert.Contains(damaged.Hex, Assert.Single(intake.LastSequencing!.Problems));
        Assert.Equal(damaged.Hex, Path.GetFileName(Assert.Single(Directory.EnumerateFiles(_archive.Layout.Incoming))));
    }

    private static void CrashAt(SequencingStep at, SequencingStep wanted)
    {
        if (at == wanted)
        {
            throw new OperationCanceledException($"died at {at}");
        }
    }
}
