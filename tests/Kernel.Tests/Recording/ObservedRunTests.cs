using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>What a record says of a job whose calls are observed: real jobs, a real listener, a real archive.</summary>
public sealed class ObservedRunTests : IDisposable
{
    private readonly RecordedArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void What_was_read_executed_sought_and_started_is_told_from_what_was_only_there()
    {
        _archive.Write("in.txt", "b\na\n");
        _archive.Write("unused.txt", "x");
        var run = Record("cat in.txt no.txt 2>/dev/null | wc -l > out.txt");

        Assert.Equal("calls", run.Record.Observation.Files);
        Assert.Equal([(FileUse.Read, "in.txt"), (FileUse.Present, "unused.txt")], Inputs(run));
        Assert.Equal((ContentHash.Of("b\na\n"u8), null), (Used(run, "in.txt").Digest, Used(run, "unused.txt").Digest));
        var program = run.Used.Single(file => file.Path == "/bin/busybox");
        Assert.Equal((FileUse.Executed, FileClass.Image), (program.Use, program.Class));
        Assert.Equal(Digest.Of(File.ReadAllBytes("/bin/busybox")).Hex, program.Digest!.Sha256);
        Assert.Contains(Sought(run), path => path == At("no.txt"));
        Assert.Contains(Executed(run), started => started.Argv.SequenceEqual(["cat", "in.txt", "no.txt"]) && started.Parent > 0);
        Assert.DoesNotContain(run.Record.Observation.NotSeen, sentence => sentence.StartsWith("which", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Record.Hazards, hazard => hazard.Id == "network");
    }

    [Fact]
    public void Temporary_files_are_no_outputs_and_their_replay_is_reproduced()
    {
        _archive.Write("in.txt", "one\n");
        var run = Record("cat in.txt > /tmp/a; cp /tmp/a draft; cat draft > out.txt; rm draft");

        Assert.Equal(
            [(FileClass.Temporary, "/tmp/a"), (FileClass.Temporary, At("draft")), (FileClass.Output, At("out.txt"))],
            run.Generated.Select(file => (file.Class!.Value, file.Path)));
        var result = _archive.Replay(run.Id);
        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
    }

    [Fact]
    public void A_file_that_nobody_opened_does_not_hold_up_a_replay_and_one_that_was_read_does()
    {
        _archive.Write("in.txt", "one\n");
        _archive.Write("big.dat", new string('x', 100_000));
        var run = Record("cat in.txt; stat -c %s big.dat");
        File.Delete(At("big.dat"));

        var result = _archive.Replay(run.Id);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        Assert.DoesNotContain(result.Record.Assessment.Findings, finding => finding.Rule.StartsWith("INPUT", StringComparison.Ordinal));
        File.Delete(At("in.txt"));
        Assert.Equal(At("in.txt"), Assert.Single(_archive.Replay(run.Id).MissingInputs).Path);
    }

    [Fact]
    public void An_input_that_is_read_and_then_overwritten_is_recorded_in_both_states()
    {
        _archive.Write("state.txt", "1\n");
        var run = Record("n=$(cat state.txt); echo $((n + 1)) > state.txt");

        var (then, now) = (Used(run, "state.txt"), run.Generated.Single(file => file.Path == At("state.txt")));
        Assert.Equal((FileUse.Read, ContentHash.Of("1\n"u8)), (then.Use, then.Digest));
        Assert.Equal((FileChange.Changed, ContentHash.Of("2\n"u8)), (now.Change, now.Digest));
        Assert.Equal(ReplayVerdict.Reproduced, _archive.Replay(run.Id).Record.Verdict);
    }

    [Fact]
    public void An_input_that_somebody_else_rewrites_while_it_is_read_is_disturbed_and_no_output()
    {
        _archive.Write("in.txt", "one\n");
        var outsider = new Thread(() =>
        {
            SpinWait.SpinUntil(() => File.Exists(At("begun")), TimeSpan.FromMinutes(1));
            File.AppendAllText(At("in.txt"), "two\n");
            File.WriteAllText(At("go"), "");
        });
        outsider.Start();
        var run = Record("cat in.txt; touch begun; while ! test -e go; do sleep 0.02; done");
        outsider.Join();

        var hazard = Hazard(run, "input-disturbed");
        Assert.Equal([At("in.txt")], hazard.Evidence!);
        Assert.Equal((null, "changed during the run"), (Used(run, "in.txt").Digest, Used(run, "in.txt").NotHashed));
        Assert.DoesNotContain(run.Generated, file => file.Path == At("in.txt"));
    }

    [Fact]
    public void A_peer_that_was_contacted_is_recorded_and_finds_the_run()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        var served = new Thread(() =>
        {
            using var client = server.AcceptTcpClient();
            client.GetStream().Write("data\n"u8);
        });
        served.Start();
        var run = Record($"busybox nc 127.0.0.1 {port} < /dev/null > out.txt; true");
        served.Join();

        var peer = run.Record.Network!.Peers.Single(one => one.Port == port);
        Assert.Equal(("ipv4", "tcp", "127.0.0.1", false, 1), (peer.Family, peer.Protocol, peer.Address, peer.Bound, peer.Count));
        Assert.Contains(Hazard(run, "network").Evidence!, line => line.StartsWith($"127.0.0.1:{port} tcp", StringComparison.Ordinal));
        using var finder = RecordFinder.Open(_archive.Blobs, Files.SyncFolder);
        Assert.Equal(run.Id, Assert.Single(finder.Runs(new RunQuery { Peer = "127.0.0.1" })).Record);
    }

    [Fact]
    public void Random_numbers_are_a_hazard_with_evidence_and_a_remedy()
    {
        var hazard = Hazard(Record("head -c 8 /dev/urandom > out"), "random");

        Assert.Equal(["/dev/urandom"], hazard.Evidence!);
        Assert.NotNull(hazard.Remedy);
    }

    [Theory]
    [InlineData(ObserveMode.Calls)]
    [InlineData(ObserveMode.Mounts)]
    public void The_time_of_the_run_in_its_results_is_a_hazard_whoever_wrote_it(ObserveMode observe)
    {
        var options = new RecordingOptions { Observe = observe };
        var run = Record("date +%s; awk 'BEGIN { print strftime(\"%Y-%m-%d %H:%M:%S\") }' > d.txt; touch -d 2001-02-03 old; tar c old > old.tar; echo x | gzip > x.gz; echo 2001 > e", options);

        var hazard = Hazard(run, "time-in-results");

        Assert.Equal(["d.txt", "stdout"], hazard.Evidence!.Select(line => Path.GetFileName(line.Split(": ")[0])).Order(StringComparer.Ordinal));
        Assert.NotNull(hazard.Remedy);
        Assert.DoesNotContain(Record("echo 2001-02-03 04:05:06", options).Record.Hazards, other => other.Id == "time-in-results");
    }

    [Fact]
    public void A_script_in_a_git_tree_that_was_changed_since_its_commit_is_told_of()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not installed");
        _archive.Write("fit.sh", "echo 1\n");
        Git("init", "-q", "-b", "main");
        Git("add", "fit.sh");
        Git("-c", "user.name=A", "-c", "user.email=a@x.example", "commit", "-q", "-m", "first");
        Assert.Equal(false, Assert.Single(Record("sh fit.sh").Record.Sources!).Dirty);
        _archive.Write("fit.sh", "echo 22\n");

        var run = Record("sh fit.sh");

        var source = Assert.Single(run.Record.Sources!);
        Assert.Equal((_archive.Work, "main", true), (source.Path, source.Branch, source.Dirty));
        Assert.Contains("fit.sh", Assert.Single(Hazard(run, "source-uncommitted").Evidence!), StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_elsewhere_and_settings_of_the_user_are_hazards_each_with_its_files()
    {
        string data = Directory.CreateDirectory(Path.Combine(_archive.Folder, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "a"), "a\n");
        _archive.Write("in.txt", "one\n");
        var run = _archive.Load(_archive.Record("cat /data/a in.txt",
            change: request => request with { Binds = [new BindMount(data, "/data", ReadOnly: true)] }));

        Assert.Equal(["/data/a"], Hazard(run, "host-files").Evidence!);
        Assert.Equal([At("in.txt")], Hazard(run, "writable-inputs").Evidence!);
        Assert.Equal(["/data/a", At("in.txt")], Hazard(run, "inputs-not-kept").Evidence!.Order(StringComparer.Ordinal));
        Assert.All(run.Record.Hazards.Where(hazard => hazard.Evidence is not null), hazard => Assert.NotNull(hazard.Remedy));
        var kept = _archive.Load(_archive.Record("cat in.txt", new RecordingOptions { Keep = KeepMode.All }));
        Assert.DoesNotContain(kept.Record.Hazards, hazard => hazard.Id == "inputs-not-kept");
    }

    [Fact]
    public void A_file_with_two_names_is_written_under_both_and_one_whose_other_name_goes_is_not_written()
    {
        _archive.Write("a", "one\n");
        _archive.Write("c", "one\n");
        Link("a", "b");
        Link("c", "d");
        var run = Record("echo two >> a; rm c");

        Assert.Equal(
            [(FileChange.Changed, At("a")), (FileChange.Changed, At("b")), (FileChange.Deleted, At("c"))],
            run.Generated.Select(file => (file.Change, file.Path)));
        Assert.DoesNotContain(run.Record.Hazards, hazard => hazard.Id == "input-disturbed");

        void Link(string name, string other)
        {
            using var folder = Files.OpenFolder(_archive.Work);
            Files.Link(folder, name, folder, other);
        }
    }

    [Fact]
    public void A_job_killed_by_a_signal_is_recorded_with_what_it_did_until_then()
    {
        _archive.Write("in.txt", "one\n");
        var run = Record("cat in.txt > out.txt; kill -9 $$");

        Assert.Equal((9, FileUse.Read), (run.Record.Outcome.Signal, Used(run, "in.txt").Use));
        Assert.Equal(At("out.txt"), Assert.Single(run.Generated).Path);
    }

    [Fact]
    public void A_hole_of_fifty_gigabytes_is_recorded_by_its_size()
    {
        var watch = Stopwatch.StartNew();
        var run = Record("dd if=/dev/zero of=big bs=1 count=1 seek=53687091199 2>/dev/null; echo done > small");

        var big = run.Generated.Single(file => file.Path == At("big"));
        Assert.Equal((53_687_091_200, null, "beyond the limit of what is hashed"), (big.Size, big.Digest, big.NotHashed));
        Assert.NotNull(run.Generated.Single(file => file.Path == At("small")).Digest);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Many_files_and_many_programs_are_all_recorded()
    {
        var run = Record("i=0; while test $i -lt 300; do echo $i > f$i; busybox true; i=$((i + 1)); done; cat f* > all");

        Assert.Equal(301, run.Generated.Count(file => file.Class == FileClass.Output));
        Assert.True(Executed(run).Count() >= 301);
        Assert.DoesNotContain(run.Record.Observation.NotSeen, sentence => sentence.Contains("further", StringComparison.Ordinal));
    }

    private RecordedRun Record(string script, RecordingOptions? options = null)
    {
        var run = _archive.Load(_archive.Record(script, options));
        Assert.SkipWhen(
            options?.Observe != ObserveMode.Mounts && run.Record.Observation.Files != "calls",
            $"calls cannot be observed on this host: {string.Join("; ", run.Record.Observation.NotSeen)}");
        return run;
    }

    private List<(FileUse Use, string Name)> Inputs(RecordedRun run) =>
    [
        .. run.Used.Where(file => file.Kind == FileKind.File && file.Path.StartsWith(_archive.Work, StringComparison.Ordinal))
            .Select(file => (file.Use!.Value, Path.GetFileName(file.Path))),
    ];

    private UsedFile Used(RecordedRun run, string name) => run.Used.Single(file => file.Path == At(name));

    private static Hazard Hazard(RecordedRun run, string id) => run.Record.Hazards.Single(hazard => hazard.Id == id);

    private IEnumerable<string> Sought(RecordedRun run)
    {
        using var lines = _archive.Blobs.Open(run.Record.Sought!.Blob!);
        return [.. RecordLines.ReadSought(lines).Select(path => path.Path)];
    }

    private IEnumerable<ExecutedProgram> Executed(RecordedRun run)
    {
        using var lines = _archive.Blobs.Open(run.Record.Executed!.Blob!);
        return [.. RecordLines.ReadExecuted(lines)];
    }

    private void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = _archive.Work };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var git = Process.Start(start)!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    private string At(string name) => Path.Combine(_archive.Work, name);
}
