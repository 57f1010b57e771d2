using System.Diagnostics;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>A job does not feel what becomes of its recorder: output, exit status and working folder are as without it.</summary>
public sealed class RecorderLossTests
{
    private const string NotRecorded = "prov: warning: the run was not recorded: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_killed_recorder_costs_the_record_and_nothing_else()
    {
        using var archive = new RecordedArchive();
        using var prov = Start(
            archive, "run", "--record", "box", "--", "sh", "-c",
            "echo first; touch ready; until test -e go; do sleep 0.02; done; head -c 3000000 /dev/zero; echo said >&2; echo made > out; exit 5");
        var output = prov.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = prov.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(archive.Work, "ready")), Patience), "the job has not begun");

        using (var recorder = Process.GetProcessById(FindRecorder(prov.Id)))
            recorder.Kill();
        archive.Write("go", "");

        await prov.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(5, prov.ExitCode);
        Assert.Equal("first\n" + new string('\0', 3_000_000), await output);
        string said = await error;
        Assert.Equal("said\n", said[..5]);
        Assert.StartsWith(NotRecorded + "recorder: ", said[5..], StringComparison.Ordinal);
        Assert.Equal("made\n", archive.Read("out"));
        Assert.Equal(0, Runs(archive));
    }

    [Fact]
    public async Task A_killed_recorder_leaves_the_job_its_input()
    {
        using var archive = new RecordedArchive();
        using var prov = Start(archive, "run", "--record", "box", "--", "sh", "-c", "read line; touch ready; wc -c");
        var output = prov.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = prov.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await prov.StandardInput.WriteAsync("first\n");
        await prov.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(archive.Work, "ready")), Patience), "the job has not begun");

        using (var recorder = Process.GetProcessById(FindRecorder(prov.Id)))
            recorder.Kill();
        await prov.StandardInput.WriteAsync(new string('x', 3_000_000));
        prov.StandardInput.Close();

        await prov.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((0, "3000000\n"), (prov.ExitCode, await output));
        Assert.StartsWith(NotRecorded + "recorder: ", await error, StringComparison.Ordinal);
        Assert.Equal(0, Runs(archive));
    }

    [Fact]
    public void A_killed_recorder_leaves_an_archive_that_goes_on()
    {
        using var archive = new RecordedArchive();
        archive.Write("large", new string('x', 1 << 20));
        using var prov = Start(archive, "run", "--record", "--keep", "all", "box", "--", "sh", "-c", "touch ready; sleep 0.3");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(archive.Work, "ready")), Patience), "the job has not begun");
        using (var recorder = Process.GetProcessById(FindRecorder(prov.Id)))
            recorder.Kill();
        Assert.True(prov.WaitForExit(Patience));

        Assert.Equal(0, archive.Replay(archive.Record("echo again")).ExitCode);
    }

    /// <summary>What becomes of the file system under the archive, and what is said then.</summary>
    [Theory]
    [InlineData("full", "no space left")]
    [InlineData("read-only", "read-only")]
    public void An_archive_that_cannot_be_written_costs_the_record_and_nothing_else(string trouble, string reason)
    {
        Assert.SkipUnless(Caller.Current().Uid == 0, "an ordinary user cannot mount a small disk");
        string disk = "";
        using var archive = new RecordedArchive(folder => Assert.SkipUnless(
            Tool("mount", "-t", "tmpfs", "-o", "size=16m", "prov-test", disk = folder) == 0, "this host does not let us mount"));
        try
        {
            if (trouble == "full")
                Fill(Path.Combine(disk, "filler"));
            else
                Assert.Equal(0, Tool("mount", "-o", "remount,ro", disk));
            const string Script = "head -c 5000000 /dev/zero; echo said >&2; head -c 5000000 /dev/zero > out; exit 6";

            var (status, output, error) = Run(archive, "run", "--record", "box", "--", "sh", "-c", Script);

            Assert.Equal((6, 5_000_000), (status, output.Length));
            // What the job said is there, and ours; which comes first depends on when the trouble is met.
            Assert.Contains("said\n", error, StringComparison.Ordinal);
            Assert.Contains(NotRecorded, error, StringComparison.Ordinal);
            Assert.Contains(reason, error, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(5_000_000, new FileInfo(Path.Combine(archive.Work, "out")).Length);
            Assert.Equal((6, output), Plain(archive, Script));
        }
        finally
        {
            Tool("umount", "--lazy", disk);
        }
    }

    [Theory]
    [InlineData("/nowhere/prov", "posix_spawn '/nowhere/prov': No such file or directory (ENOENT)")]
    [InlineData("/bin/false", "recorder: ")]
    [InlineData("/bin/echo", "recorder: ")]
    public void A_program_that_is_no_recorder_costs_the_record_and_nothing_else(string program, string reason)
    {
        using var archive = new RecordedArchive();
        var recorder = new JobRecorder(new RecorderCommand(program, []), archive.Layout, TimeProvider.System);
        var result = recorder.Run(archive.Plan("echo made > out; exit 4"), new RecordingOptions());
        Assert.Equal((4, null), (result.Container.Status.ExitCode, result.Run));
        Assert.StartsWith(reason, result.NotRecorded, StringComparison.Ordinal);
        Assert.Equal("made\n", archive.Read("out"));
    }

    [Fact]
    public void A_job_whose_program_is_not_there_is_not_recorded()
    {
        using var archive = new RecordedArchive();
        Assert.Equal(127, Run(archive, "run", "--record", "box", "--", "no-such-program").Status);
        Assert.Equal(0, Runs(archive));
    }

    [Fact]
    public void When_the_job_is_killed_that_is_recorded()
    {
        using var archive = new RecordedArchive();
        var (status, _, error) = Run(archive, "run", "--record", "box", "--", "sh", "-c", "kill -9 $$");
        Assert.Equal(137, status);
        Assert.Contains("recorded run", error, StringComparison.Ordinal);
        Assert.Equal(1, Runs(archive));
    }

    [Fact]
    public void When_we_are_killed_nothing_is_recorded()
    {
        using var archive = new RecordedArchive();
        using var prov = Start(archive, "run", "--record", "box", "--", "sh", "-c", "touch ready; sleep 60");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(archive.Work, "ready")), Patience), "the job has not begun");
        using var recorder = Process.GetProcessById(FindRecorder(prov.Id));
        prov.Kill();
        Assert.True(SpinWait.SpinUntil(() => HasEnded(recorder.Id), Patience), "the recorder stays when the job's process is gone");
        Assert.Equal(0, Runs(archive));
    }

    [Fact]
    public void The_order_of_both_streams_is_kept_where_they_go_to_one_place()
    {
        using var archive = new RecordedArchive();
        string prov = Path.Combine(AppContext.BaseDirectory, "prov");
        using var shell = Start(
            archive, "/bin/sh", ["-c", $"exec '{prov}' run -q --record box -- sh -c 'echo 1; echo 2 >&2; echo 3; echo 4 >&2' 2>&1"]);
        Assert.Equal("1\n2\n3\n4\n", shell.StandardOutput.ReadToEnd());
        shell.WaitForExit();
        var outcome = archive.Load(Assert.Single(RunIds(archive))).Record.Outcome;
        Assert.Equal((true, null), (outcome.Stdout!.WithStderr, outcome.Stderr));
        Assert.Equal(ContentHash.Of("1\n2\n3\n4\n"u8), outcome.Stdout.Digest);
    }

    private static (int, string) Plain(RecordedArchive archive, string script)
    {
        var (status, output, _) = Run(archive, "run", "box", "--", "sh", "-c", script);
        return (status, output);
    }

    private static (int Status, string Output, string Error) Run(RecordedArchive archive, params string[] arguments)
    {
        using var prov = Start(archive, arguments);
        var output = prov.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = prov.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(prov.WaitForExit(Patience), "prov does not end");
        return (prov.ExitCode, output.Result, error.Result);
    }

    private static Process Start(RecordedArchive archive, params string[] arguments) =>
        Start(archive, Path.Combine(AppContext.BaseDirectory, "prov"), arguments);

    private static Process Start(RecordedArchive archive, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = archive.Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PROV_ARCHIVE"] = archive.Layout.Root;
        start.Environment["HOME"] = archive.Folder;
        return Process.Start(start)!;
    }

    /// <summary>The recorder is the child of ours that has the hidden command.</summary>
    /// <summary>An orphan may wait for whoever is process 1 here to reap it: then it is a zombie, and has ended.</summary>
    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/status").Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static int FindRecorder(int parent)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                bool isOurs = File.ReadLines(Path.Combine(process, "status")).Contains($"PPid:\t{parent}");
                if (isOurs && File.ReadAllText(Path.Combine(process, "cmdline")).Contains("internal-recorder", StringComparison.Ordinal))
                    return int.Parse(Path.GetFileName(process));
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        throw new InvalidOperationException("there is no recorder");
    }

    private static int Runs(RecordedArchive archive) => RunIds(archive).Count;

    private static List<Digest> RunIds(RecordedArchive archive)
    {
        using var finder = RecordFinder.Open(archive.Blobs, Files.SyncFolder);
        return [.. finder.Runs(new RunQuery { Limit = int.MaxValue }).Select(run => run.Record)];
    }

    private static void Fill(string path)
    {
        byte[] block = new byte[4096];
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static int Tool(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
