using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>What a job reads from a pipe is recorded to the byte, nobody's bytes are taken that the job left, and a replay is given them.</summary>
public sealed class PipedInputTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RecordedArchive _archive = new();
    private readonly SafeFileHandle _pipe;
    private readonly SafeFileHandle _producer;

    public PipedInputTests() => (_pipe, _producer) = Descriptors.Pipe();

    public void Dispose()
    {
        _pipe.Dispose();
        _producer.Dispose();
        _archive.Dispose();
    }

    [Fact]
    public void What_the_job_read_is_recorded_and_kept_and_given_to_a_replay()
    {
        Produce("one\ntwo\n"u8.ToArray());
        _producer.Dispose();

        var run = Record("test -p /dev/stdin && cat; echo end");

        var stdin = StdinOf(run);
        Assert.Equal((8L, ContentHash.Of("one\ntwo\n"u8)), (stdin.Size, stdin.Digest));
        Assert.Equal("one\ntwo\n", _archive.TextOf(stdin.Kept));
        Assert.DoesNotContain(_archive.Load(run).Record.Hazards, hazard => hazard.Id == "stdin");
        var replayed = _archive.Replay(run).Record;
        Assert.Equal((ReplayVerdict.Reproduced, null), (replayed.Verdict, replayed.Reason));
        Assert.DoesNotContain(replayed.Assessment.Findings, finding => finding.Rule == "STDIN-1");
    }

    [Fact]
    public void What_the_job_leaves_stays_for_whoever_has_the_pipe_after_it()
    {
        Produce("one\ntwo\n"u8.ToArray());

        var run = Record("read line; echo $line");

        Assert.Equal((4L, ContentHash.Of("one\n"u8)), (StdinOf(run).Size, StdinOf(run).Digest));
        Assert.Equal("two\n"u8.ToArray(), Left());
        Assert.Equal(ReplayVerdict.Reproduced, _archive.Replay(run).Record.Verdict);
    }

    /// <summary>More than any pipe holds, in pieces of all sizes, while the job reads in others.</summary>
    [Theory]
    [InlineData(1 << 22, "sha256sum")]
    [InlineData(1 << 18, "dd bs=1000 2> /dev/null | sha256sum")]
    [InlineData(100_000, "dd bs=7 2> /dev/null | sha256sum")]
    public async Task Every_byte_comes_once_and_in_its_order(int bytes, string script)
    {
        byte[] content = RandomNumberGenerator.GetBytes(bytes);
        var producer = ProduceBeside(content);

        var run = Record(script);

        await producer.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((bytes, ContentHash.Of(content)), (StdinOf(run).Size, StdinOf(run).Digest));
        var stdout = _archive.Load(run).Record.Outcome.Stdout!;
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(content))}  -\n", _archive.TextOf(stdout.Kept));
        Assert.Equal(ReplayVerdict.Reproduced, _archive.Replay(run).Record.Verdict);
    }

    /// <summary>The producer holds its end all the while, and writes nothing, or more than fits.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task A_job_that_reads_nothing_is_not_waited_for(int bytes)
    {
        var producer = Task.Run(() => Descriptors.TryWriteAll(_producer, new byte[bytes]), TestContext.Current.CancellationToken);

        var run = await Task.Run(() => Record("echo done"), TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal((0L, null, ContentHash.Of([])), (StdinOf(run).Size, StdinOf(run).Kept, StdinOf(run).Digest));
        var replayed = _archive.Replay(run).Record;
        Assert.Equal(ReplayVerdict.Reproduced, replayed.Verdict);
        Assert.DoesNotContain(replayed.Assessment.Findings, finding => finding.Rule == "STDIN-1");
        _pipe.Dispose();
        Assert.Equal(bytes == 0 ? Errno.None : Errno.EPIPE, await producer.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_job_that_waits_gets_what_comes_late()
    {
        var producer = new Thread(() =>
        {
            Produce("first\n"u8.ToArray());
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(_archive.Work, "got")), Patience);
            Produce("second\n"u8.ToArray());
            _producer.Dispose();
        });
        producer.Start();

        var run = Record("read a; touch got; read b; echo $a $b; read c || echo end");

        producer.Join();
        Assert.Equal("first second\nend\n", _archive.TextOf(_archive.Load(run).Record.Outcome.Stdout!.Kept));
        Assert.Equal(13, StdinOf(run).Size);
    }

    [Fact]
    public void A_job_that_closes_its_input_is_not_given_more()
    {
        Produce(new byte[5000]);

        var run = Record("head -c 10 > /dev/null; exec < /dev/null; echo on");

        // What head(1) read ahead is read.
        long size = StdinOf(run).Size!.Value;
        Assert.InRange(size, 10, 4999);
        Assert.Equal(5000 - size, Left().Length);
    }

    /// <summary>Then nobody knows which bytes the job got; it gets them all the same.</summary>
    [Fact]
    public async Task Where_another_reads_from_the_pipe_too_there_is_no_digest()
    {
        Produce("one\n"u8.ToArray());
        var recording = Task.Run(
            () => Record("touch ready; until test -e go; do sleep 0.05; done; cat"), TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(_archive.Work, "ready")), Patience), "the job has not begun");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal("one\n"u8.ToArray(), Left());
        _archive.Write("go", "");

        var run = _archive.Load(await recording.WaitAsync(Patience, TestContext.Current.CancellationToken)).Record;

        Assert.Equal("one\n", _archive.TextOf(run.Outcome.Stdout!.Kept));
        Assert.Equal((null, null), (run.Invocation.Stdin.Digest, run.Invocation.Stdin.Kept));
        Assert.EndsWith("another process read from the same pipe", Assert.Single(run.Hazards, hazard => hazard.Id == "stdin").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_reads_do_not_wait_is_as_it_was()
    {
        Descriptors.SetNonBlocking(_pipe);
        var run = Record("grep flags /proc/self/fdinfo/0");
        Assert.Equal("flags:\t04000\n", _archive.TextOf(_archive.Load(run).Record.Outcome.Stdout!.Kept).Replace("0104000", "04000", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("outputs")]
    public void What_was_not_kept_is_named_by_its_digest_when_it_is_missed(string keep)
    {
        Produce("one\ntwo\n"u8.ToArray());
        _producer.Dispose();
        var options = keep == "none"
            ? new RecordingOptions { Keep = KeepMode.None }
            : new RecordingOptions { Limits = RecordingLimits.Default with { MaxStreamBytes = 7 } };

        var run = Record("wc -l", options);

        Assert.Equal((8L, null), (StdinOf(run).Size, StdinOf(run).Kept));
        Assert.Contains(_archive.Load(run).Record.Hazards, hazard => hazard.Id == "content-not-kept");
        var replayed = _archive.Replay(run).Record;
        var finding = Assert.Single(replayed.Assessment.Findings, finding => finding.Rule == "STDIN-1");
        Assert.Equal(Verdict.Warn, finding.Verdict);
        Assert.Equal($"sha256:{ContentHash.Of("one\ntwo\n"u8).Sha256}", Assert.Single(finding.Evidence));
        Assert.Contains("< FILE", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(ReplayVerdict.Differs, replayed.Verdict);
    }

    [Fact]
    public void A_pipe_that_can_be_written_to_is_the_jobs_own()
    {
        string path = Path.Combine(_archive.Folder, "fifo");
        Assert.Equal(0, System.Diagnostics.Process.Start("mkfifo", [path]) is var made && made.WaitForExit(Patience) ? made.ExitCode : -1);
        using var both = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);

        Assert.Null(PassedInput.TryOpen(both, _ => { }, out string? obstacle));

        Assert.Equal("standard input is a pipe that was opened to be written to as well", obstacle);
    }

    private Digest Record(string script, RecordingOptions? options = null) => _archive.Record(script, options, pipe: _pipe);

    private StandardInput StdinOf(Digest run) => _archive.Load(run).Record.Invocation.Stdin;

    private void Produce(byte[] bytes) => Assert.Equal(Errno.None, Descriptors.TryWriteAll(_producer, bytes));

    /// <summary>In pieces of sizes that have nothing to do with pages.</summary>
    private Task ProduceBeside(byte[] content) => Task.Run(
        () =>
        {
            int[] sizes = [1, 10_000, 4096, 13, 70_000, 4095, 4097];
            for (int at = 0, i = 0; at < content.Length; i++)
            {
                int size = Math.Min(sizes[i % sizes.Length], content.Length - at);
                Produce(content[at..(at + size)]);
                at += size;
            }

            _producer.Dispose();
        },
        TestContext.Current.CancellationToken);

    /// <summary>What nobody has read.</summary>
    private byte[] Left()
    {
        _producer.Dispose();
        using var rest = new MemoryStream();
        byte[] buffer = new byte[8192];
        while (Descriptors.TryRead(_pipe, buffer, out int length) == Errno.None && length > 0)
            rest.Write(buffer, 0, length);
        return rest.ToArray();
    }
}
