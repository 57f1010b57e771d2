using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>Large inputs are shown to a replay from their place where that is sure to make no difference, and copied where it may.</summary>
public sealed class LargeInputReplayTests : IDisposable
{
    private const int LargeBytes = 16 << 20;
    private const string OpenForBoth = "exec 3<>in/large && head -c 4 <&3 | wc -c";

    private readonly RecordedArchive _archive = new();

    private string Large => Path.Combine(_archive.Work, "in", "large");

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_archive.Scratch));
        _archive.Dispose();
    }

    [Theory]
    [InlineData(ObserveMode.Calls, OpenForBoth, true)]
    [InlineData(ObserveMode.Calls, "chmod 644 in/large && head -c 4 in/large | wc -c", true)]
    [InlineData(ObserveMode.Calls, "mv in moved && exec 3<>moved/large && mv moved in && head -c 4 <&3 | wc -c", true)]
    [InlineData(ObserveMode.Mounts, OpenForBoth, null)]
    public void What_was_opened_for_writing_and_left_as_it_was_can_be_opened_so_again(ObserveMode observe, string script, bool? asked)
    {
        Make(LargeBytes);
        var run = _archive.Record(script, new RecordingOptions { Observe = observe });
        Assert.Equal(asked, Used(run).WriteAccess);
        Assert.DoesNotContain(_archive.Load(run).Generated, file => file.Path == Large);

        AssertReproduced(run);
        Assert.Equal((LargeBytes, 0), (new FileInfo(Large).Length, File.ReadAllBytes(Large).Count(value => value != 0)));
    }

    [Fact]
    public void A_replay_that_writes_where_the_run_did_not_writes_into_a_copy()
    {
        Make(LargeBytes);
        var run = _archive.Record($"{OpenForBoth}; if grep -q prov-replay- /proc/self/mountinfo; then printf x >&3; fi");

        var result = _archive.Replay(run);

        Assert.Equal(ReplayVerdict.Differs, result.Record.Verdict);
        Assert.Contains(result.Record.Comparison, output => output.Name == Large && output.Result == ComparisonResult.Unexpected);
        Assert.DoesNotContain((byte)'x', File.ReadAllBytes(Large));
    }

    [Fact]
    public void What_was_only_read_is_shown_from_its_place()
    {
        Make(LargeBytes);
        var run = _archive.Record("grep -c ' /.*large ' /proc/self/mountinfo; head -c 4 in/large | wc -c");
        Assert.Equal(false, Used(run).WriteAccess);

        var said = _archive.Replay(run).Record.Comparison.Single(output => output.Name == "stdout");

        Assert.Equal(ComparisonResult.Differs, said.Result);
        Assert.Equal(("0", "1"), (said.FirstDifference!.Original[..1], said.FirstDifference.Replayed[..1]));
    }

    [Fact]
    public void Of_a_record_that_does_not_tell_what_was_read_is_copied()
    {
        Make(LargeBytes);
        var run = _archive.Record(OpenForBoth);
        var old = Relist(run, [.. _archive.Load(run).Used.Select(file => file with { WriteAccess = null })]);

        AssertReproduced(old);
    }

    [Fact]
    public void What_finds_no_room_is_shown_from_its_place_and_the_record_says_so()
    {
        Make(1L << 42);
        var run = _archive.Record("head -c 4 in/large | wc -c", new RecordingOptions { Observe = ObserveMode.Mounts });

        var result = AssertReproduced(run);

        Assert.Contains(result.Sandbox!.Notes, note => note.Contains($"'{Large}' is shown read-only from its place", StringComparison.Ordinal));
    }

    private void Make(long bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Large)!);
        using var large = File.Create(Large);
        large.SetLength(bytes);
    }

    private UsedFile Used(Digest run) => _archive.Load(run).Used.Single(file => file.Path == Large);

    private Digest Relist(Digest run, IReadOnlyList<UsedFile> used)
    {
        var blob = _archive.Blobs.Put(MediaTypes.JsonLines, RecordLines.Serialize(used));
        return _archive.Forge(run, record => record with { Used = record.Used with { Count = used.Count, Blob = blob } });
    }

    private ReplayRecord AssertReproduced(Digest run)
    {
        var result = _archive.Replay(run);
        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        return result.Record;
    }
}
