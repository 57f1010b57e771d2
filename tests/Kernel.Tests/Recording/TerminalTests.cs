using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>A job that lays out by the terminal it has does the same when it is replayed by somebody who has none, or another.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Script = "busybox stty size; test -t 0 && echo in; test -t 1 && echo out; test -t 2 && echo err; "
        + "ls /dev/null /dev/zero /dev/full /dev/tty /dev/random /dev/urandom; echo TERM=$TERM";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RecordedArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void The_size_is_recorded_and_given_to_a_replay()
    {
        var run = Record("< {0} > {0} 2>&1");

        var record = _archive.Load(run).Record;
        Assert.Equal(
            [("stdin", 24, 40), ("stdout", 24, 40), ("stderr", 24, 40)],
            record.Invocation.Terminals!.Select(terminal => (terminal.Stream, terminal.Rows, terminal.Columns)));
        Assert.Equal("vt100", Assert.Single(record.Environment, variable => variable.Name == "TERM").Value);
        string printed = _archive.TextOf(record.Outcome.Stdout!.Kept);
        Assert.StartsWith("24 40\nin\nout\nerr\n", printed, StringComparison.Ordinal);
        Assert.EndsWith("TERM=vt100\n", printed, StringComparison.Ordinal);
        var replayed = _archive.Replay(run).Record;
        Assert.Equal((ReplayVerdict.Reproduced, null), (replayed.Verdict, replayed.Reason));
        Assert.DoesNotContain(replayed.Assessment.Findings, finding => finding.Rule.StartsWith("TERM", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_streams_that_were_terminals_are()
    {
        var run = Record("< /dev/null > {0} 2> /dev/null");

        var record = _archive.Load(run).Record;
        Assert.Equal("stdout", Assert.Single(record.Invocation.Terminals!).Stream);
        Assert.StartsWith("out\n", _archive.TextOf(record.Outcome.Stdout!.Kept), StringComparison.Ordinal);
        Assert.Equal(ReplayVerdict.Reproduced, _archive.Replay(run).Record.Verdict);
    }

    /// <summary>As from a recorder that knew nothing of sizes.</summary>
    [Fact]
    public void Without_a_size_a_replay_warns()
    {
        var run = Record("< /dev/null > {0} 2>&1");
        var old = _archive.Forge(run, record => record with { Invocation = record.Invocation with { Terminals = null } });

        var replayed = _archive.Replay(old).Record;

        var finding = Assert.Single(replayed.Assessment.Findings, finding => finding.Rule == "TERM-2");
        Assert.Equal((Verdict.Warn, "stdout"), (finding.Verdict, Assert.Single(finding.Evidence)));
        Assert.Equal(Answer.Unknown, replayed.Assessment.SameResults);
    }

    /// <summary>Nobody types at the terminal of a replay: what reads from it is at the end, as often as it asks.</summary>
    [Fact]
    public void A_job_that_reads_from_the_terminal_of_a_replay_is_not_kept_waiting()
    {
        var run = Record("< {0} > {0} 2>&1", "cat; cat; read line || echo end", typed: "\u0004\u0004\u0004");

        var replayed = _archive.Replay(run).Record;

        Assert.Equal(ReplayVerdict.Reproduced, replayed.Verdict);
        Assert.Contains(replayed.Assessment.Findings, finding => finding.Rule == "STDIN-1");
    }

    /// <param name="redirections">With {0} for the terminal.</param>
    /// <param name="script">Of the job.</param>
    /// <param name="typed">At the terminal, before the job starts.</param>
    private Digest Record(string redirections, string script = Script, string typed = "")
    {
        var (master, slave) = PseudoTerminals.Open(isRaw: false);
        using (master)
        using (slave)
        {
            PseudoTerminals.SetSize(master, new TerminalSize(24, 40));
            string path = File.ResolveLinkTarget($"/proc/self/fd/{slave.DangerousGetHandle()}", returnFinalTarget: false)!.FullName;
            Descriptors.TryWriteAll(master, Encoding.ASCII.GetBytes(typed));
            var start = new ProcessStartInfo(
                "/bin/sh", ["-c", $"exec \"$0\" run -q --record box -- sh -c \"$1\" {redirections.Replace("{0}", path, StringComparison.Ordinal)}",
                    Path.Combine(AppContext.BaseDirectory, "prov"), script])
            {
                WorkingDirectory = _archive.Work,
            };
            start.Environment["PROV_ARCHIVE"] = _archive.Layout.Root;
            start.Environment["HOME"] = _archive.Folder;
            start.Environment["TERM"] = "vt100";
            using var prov = Process.Start(start)!;
            string shown = Drain(master, prov);
            Assert.True(prov.ExitCode == 0, shown);
        }

        using var finder = RecordFinder.Open(_archive.Blobs, Files.SyncFolder);
        return Assert.Single(finder.Runs(new RunQuery { Limit = int.MaxValue })).Record;
    }

    /// <summary>Reads what is shown until the program has ended: a terminal that nobody reads stops it.</summary>
    private static string Drain(SafeFileHandle master, Process prov)
    {
        var shown = new StringBuilder();
        byte[] buffer = new byte[4096];
        var clock = Stopwatch.StartNew();
        while (!prov.HasExited || Descriptors.Wait(master, Descriptors.POLLIN, 0))
        {
            Assert.True(clock.Elapsed < Patience, $"prov does not end: {shown}");
            if (Descriptors.Wait(master, Descriptors.POLLIN, 50)
                && Descriptors.TryRead(master, buffer, out int length) == Errno.None)
            {
                shown.Append(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }

        return shown.ToString();
    }
}
