using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>Jobs are recorded, and done again in a scratch folder.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly RecordedArchive _archive = new();

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_archive.Scratch));
        _archive.Dispose();
    }

    [Fact]
    public void A_job_that_does_the_same_again_is_reproduced()
    {
        _archive.Write("in.txt", "one two\n");
        var run = _archive.Record("wc -w < in.txt > out.txt; mkdir d; echo x > d/y; cat out.txt; echo said >&2; exit 3");
        File.Delete(Path.Combine(_archive.Work, "out.txt"));

        var result = _archive.Replay(run);

        Assert.Equal((0, ReplayVerdict.Reproduced, null), (result.ExitCode, result.Record.Verdict, result.Record.Reason));
        Assert.All(result.Record.Comparison, output => Assert.Equal(ComparisonResult.Identical, output.Result));
        Assert.Equal(
            ["exit status", "stdout", "stderr", At("d"), At("d/y"), At("out.txt")],
            result.Record.Comparison.Select(output => output.Name));
        Assert.False(File.Exists(At("out.txt")), "the replay wrote over the originals");
    }

    [Fact]
    public void What_is_mounted_behind_a_link_of_the_image_is_an_input_like_any_other()
    {
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(_archive.Folder, "other")).FullName, "in.txt");
        File.WriteAllText(file, "one two\n");
        var run = _archive.Record(
            "wc -w < /var/linked/in.txt > out.txt",
            change: request => request with { Binds = [new BindMount(Path.GetDirectoryName(file)!, "/var/linked", ReadOnly: true)] });

        Assert.Contains(_archive.Load(run).Record.Mounts, mount => mount.Destination == "/data");
        var used = Assert.Single(_archive.Load(run).Used, used => used.Path == "/data/in.txt");
        Assert.Equal((FileClass.Input, true), (used.Class, used.Digest is not null));
        var result = _archive.Replay(run);
        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
    }

    [Fact]
    public void The_environment_has_the_same_order_again()
    {
        var run = _archive.Record("", change: request => request with { Arguments = ["env"], Environment = [new("Z", "1"), new("A", "2")] });

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        Assert.StartsWith("A=2\nHOME=", _archive.TextOf(_archive.Load(run).Record.Outcome.Stdout!.Kept), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_that_only_the_replay_made_decides_nothing()
    {
        var run = _archive.Record("mkdir -p __pycache__ d; read name < /proc/sys/kernel/random/uuid; echo x > __pycache__/$name.pyc; echo y > d/y");

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        var cached = result.Record.Comparison.Where(output => output.Name.EndsWith(".pyc", StringComparison.Ordinal)).ToList();
        Assert.Equal([ComparisonResult.Missing, ComparisonResult.Unexpected], cached.Select(output => output.Result).Order());
        Assert.All(cached, output => Assert.False(output.Decides));
    }

    [Fact]
    public void What_could_not_be_made_as_it_was_is_said()
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(At("s")));

        var result = _archive.Replay(_archive.Record("echo x > y"));

        Assert.Contains(result.Record.Sandbox!.Notes, note => note.Contains("'" + At("s") + "' was a socket", StringComparison.Ordinal));
    }

    [Fact]
    public void The_record_of_a_run_says_what_was_read_written_and_said()
    {
        _archive.Write("in.txt", "one\n");
        var run = _archive.Load(_archive.Record("cp in.txt out.txt; echo said; exit 7"));

        Assert.Equal((7, "said\n"), (run.Record.Outcome.ExitCode, _archive.TextOf(run.Record.Outcome.Stdout!.Kept)));
        var used = Assert.Single(run.Used, file => file.Class == FileClass.Input);
        Assert.Equal((At("in.txt"), ContentHash.Of("one\n"u8), false), (used.Path, used.Digest, used.Kept));
        var made = Assert.Single(run.Generated);
        Assert.Equal((At("out.txt"), FileChange.Created, used.Digest, true), (made.Path, made.Change, made.Digest, made.Kept));
        Assert.Contains(run.Record.Observation.Files, new[] { "calls", "mounts" });
        Assert.NotEmpty(run.Record.Observation.NotSeen);
    }

    [Fact]
    public void A_job_that_changes_and_deletes_its_inputs_is_replayed_from_what_they_were()
    {
        _archive.Write("log.txt", "first\n");
        _archive.Write("old.txt", "old\n");
        _archive.Write("kept.txt", "kept\n");
        var run = _archive.Record("echo second >> log.txt; cat old.txt; rm old.txt; chmod 600 kept.txt");
        Assert.Equal(["changed kept.txt", "changed log.txt", "deleted old.txt"], _archive.Generated(run));
        Assert.Equal("first\nsecond\n", _archive.Read("log.txt"));
        Assert.DoesNotContain(_archive.Load(run).Record.Hazards, hazard => hazard.Id == "input-overwritten");

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        Assert.Equal([At("log.txt"), At("old.txt")], result.Record.Relocated.Select(moved => moved.Path));
        Assert.All(result.Record.Relocated, moved => Assert.Equal("archive", moved.Source));
        Assert.Equal("first\nsecond\n", _archive.Read("log.txt"));
        Assert.False(File.Exists(At("old.txt")));
    }

    [Fact]
    public void A_file_with_two_names_has_them_again()
    {
        _archive.Write("a", "one\n");
        _archive.Write("d/x", "two\n");
        Link("a", "d/b");
        Link("d/x", "y");
        var run = _archive.Record("stat -c '%h' a d/b y; echo more >> a; cat d/b d/x", new RecordingOptions { Keep = KeepMode.All });
        Assert.Equal(
            [(At("d/b"), At("a")), (At("y"), At("d/x"))],
            _archive.Load(run).Used.Where(file => file.LinkedTo is not null).Select(file => (file.Path, file.LinkedTo!)));
        Assert.Equal("2\n2\n2\none\nmore\ntwo\n", _archive.TextOf(_archive.Load(run).Record.Outcome.Stdout!.Kept));
        Directory.Delete(At("d"), recursive: true);
        _archive.Write("y", "another\n");

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        Assert.Equal("another\n", _archive.Read("y"));

        void Link(string name, string other)
        {
            using var folder = Files.OpenFolder(_archive.Work);
            Files.Link(folder, name, folder, other);
        }
    }

    [Fact]
    public void What_was_overwritten_and_not_kept_is_a_hazard_and_refuses_the_replay()
    {
        _archive.Write("log.txt", "first\n");
        var run = _archive.Record("echo second >> log.txt", new RecordingOptions { Keep = KeepMode.None });
        Assert.Contains(_archive.Load(run).Record.Hazards, hazard => hazard.Id == "input-overwritten");

        var result = _archive.Replay(run);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(At("log.txt"), Assert.Single(result.MissingInputs).Path);
        Assert.Contains(result.Record.Assessment.Findings, finding => finding is { Rule: "INPUT-1", Verdict: Verdict.Refuse });
    }

    [Fact]
    public void Touching_only_the_status_of_an_input_is_no_output_then_or_now()
    {
        _archive.Write("in.txt", "one\n");
        var run = _archive.Record("chmod 644 in.txt; echo done");
        Assert.Empty(_archive.Generated(run));

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
    }

    [Fact]
    public void A_job_that_does_otherwise_differs_and_the_first_difference_is_shown()
    {
        var run = _archive.Record("read n < /proc/sys/kernel/random/uuid; echo same > out; echo $n >> out; echo said");

        var result = _archive.Replay(run);

        Assert.Equal((1, ReplayVerdict.Differs), (result.ExitCode, result.Record.Verdict));
        var output = Assert.Single(result.Record.Comparison, output => output.Result == ComparisonResult.Differs);
        Assert.Equal((At("out"), 2L), (output.Name, output.FirstDifference!.Line));
        Assert.NotEqual(output.FirstDifference.Original, output.FirstDifference.Replayed);
    }

    [Fact]
    public void An_input_that_moved_is_found_where_a_bind_says()
    {
        _archive.Write("data/in.txt", "one\n");
        var run = _archive.Record("wc -l < data/in.txt");
        Directory.Move(At("data"), Path.Combine(_archive.Folder, "moved"));
        Assert.Equal(3, _archive.Replay(run).ExitCode);

        var bind = new BindMount(Path.Combine(_archive.Folder, "moved"), At("data"));
        var result = _archive.Replay(run, request => request with { Binds = [bind] });

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([new Relocation { Path = bind.Destination, Source = bind.Source }], result.Record.Relocated);
    }

    [Fact]
    public void A_changed_input_refuses_and_force_records_which_rule_was_set_aside()
    {
        _archive.Write("in.txt", "one\n");
        var run = _archive.Record("cat in.txt; echo");
        _archive.Write("in.txt", "two\n");
        Assert.Equal(3, _archive.Replay(run).ExitCode);

        var forced = _archive.Replay(run, request => request with { Force = true });

        Assert.Equal(["INPUT-1"], forced.Record.Forced);
        Assert.Equal(1, forced.ExitCode);
    }

    [Fact]
    public void A_processor_that_lacks_a_feature_refuses_and_force_names_the_rule()
    {
        var genuine = _archive.Record("echo said > out.txt");
        // A genuine-looking run: every member is that of a real one, but for a feature that this processor cannot have; of a program
        // that did not look at what is asked for.
        var run = _archive.Forge(genuine, record => record with
        {
            Requirements = null,
            Hosts = [.. record.Hosts.Select(host => host with { Cpu = host.Cpu with { Features = WithUnknown(host.Cpu) } })],
        });

        var refused = _archive.Replay(run);
        var forced = _archive.Replay(run, request => request with { Force = true });

        Assert.Equal((3, ReplayVerdict.Refused), (refused.ExitCode, refused.Record.Verdict));
        Assert.Null(refused.Record.Outcome);
        Assert.Empty(refused.Record.Forced);
        Assert.Equal((0, ReplayVerdict.Reproduced), (forced.ExitCode, forced.Record.Verdict));
        Assert.Equal(["CPU-13"], forced.Record.Forced);
        Assert.Equal(Verdict.Refuse, forced.Record.Assessment.Verdict);
    }

    [Fact]
    public void Every_replay_is_a_record_of_the_archive_refused_ones_too()
    {
        _archive.Write("in.txt", "one\n");
        var run = _archive.Record("wc -l < in.txt");
        var reproduced = _archive.Replay(run);
        File.Delete(At("in.txt"));
        var refused = _archive.Replay(run);

        foreach (var result in (ReplayResult[])[reproduced, refused])
        {
            using var finder = RecordFinder.Open(_archive.Blobs, Files.SyncFolder);
            byte[] statement = _archive.Blobs.Read(finder.Get(result.Id!.Hex).Record, CanonicalJson.MaxBytes);
            Assert.Equal((run, result.Record.Verdict), Facts(RecordJson.ParseReplay(statement).Predicate));
        }

        static (Digest, ReplayVerdict) Facts(ReplayRecord record) => (record.Run, record.Verdict);
    }

    [Fact]
    public void A_secret_has_to_be_given_again()
    {
        var run = _archive.Record(
            "test \"$API_TOKEN\" = s3cret", change: request => request with { Environment = [new("API_TOKEN", "s3cret")] });
        byte[] statement = _archive.Blobs.Read(run, CanonicalJson.MaxBytes);
        // The job's arguments hold the word, as the person typed it; the environment must not.
        Assert.DoesNotContain("\"value\":\"s3cret\"", System.Text.Encoding.UTF8.GetString(statement), StringComparison.Ordinal);

        Assert.Equal(3, _archive.Replay(run).ExitCode);
        Assert.Equal(0, _archive.Replay(run, request => request with { Environment = [new("API_TOKEN", "s3cret")] }).ExitCode);
    }

    [Fact]
    public void A_read_only_mount_is_shown_from_its_place_and_copied_when_more_stands_there()
    {
        string data = Directory.CreateDirectory(Path.Combine(_archive.Folder, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "a"), "a\n");
        var run = _archive.Record("ls /data", change: request => request with { Binds = [new BindMount(data, "/data", ReadOnly: true)] });
        Assert.Equal(0, _archive.Replay(run).ExitCode);

        File.WriteAllText(Path.Combine(data, "b"), "b\n");
        Assert.Equal(0, _archive.Replay(run).ExitCode);
    }

    [Fact]
    public void A_folder_that_a_link_of_another_mount_leads_to_is_laid_out_by_itself()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_archive.Folder, "elsewhere")).FullName;
        string data = Directory.CreateDirectory(Path.Combine(_archive.Folder, "data")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "f"), "one\n");
        File.CreateSymbolicLink(Path.Combine(data, "d"), elsewhere);
        BindMount[] binds = [new BindMount(data, "/data"), new BindMount(Path.Combine(data, "d"), "/work")];
        var run = _archive.Record("cat /work/f; echo two >> /work/f", change: request => request with { Binds = binds });

        var result = _archive.Replay(run);

        Assert.Equal("one\ntwo\n", File.ReadAllText(Path.Combine(elsewhere, "f")));
        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
    }

    [Fact]
    public void A_record_whose_files_lead_out_of_their_folder_is_not_replayed()
    {
        File.CreateSymbolicLink(At("link"), _archive.Folder);
        var genuine = _archive.Record("echo said");
        var used = _archive.Load(genuine).Used;
        UsedFile[] files = [.. used, Assert.Single(used, file => file.Kind == FileKind.Link) with { Path = At("link/planted"), Target = "x" }];
        var list = _archive.Blobs.Put(MediaTypes.JsonLines, RecordLines.Serialize(files.OrderBy(file => file.Path, StringComparer.Ordinal)));
        var run = _archive.Forge(genuine, record => record with { Used = record.Used with { Blob = list, Count = files.Length } });

        var refused = Assert.Throws<RecordingException>(() => _archive.Replay(run));

        Assert.Equal($"run '{run.Abbreviated}': file '{At("link/planted")}': lies in '{At("link")}', which is a link", refused.Message);
        Assert.False(Path.Exists(Path.Combine(_archive.Folder, "planted")));
    }

    [Fact]
    public void What_is_laid_out_by_root_is_the_recorded_users()
    {
        Assert.SkipUnless(Caller.Current().Uid == 0, "root alone becomes another user");
        _archive.Write("in/a.txt", "one\n");
        foreach (string folder in (string[])[_archive.Work, At("in")])
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        var run = _archive.Record("cp in/a.txt in/b.txt; echo x > out.txt; id -u", change: request => request with { User = "1234:1234" });
        File.SetUnixFileMode(At("in"), (UnixFileMode)0b111_101_101);
        Assert.Equal("1234\n", _archive.TextOf(_archive.Load(run).Record.Outcome.Stdout!.Kept));

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
        Assert.DoesNotContain(result.Record.Sandbox!.Notes, note => note.Contains("could not be given", StringComparison.Ordinal));
    }

    [Fact]
    public void A_large_file_that_was_opened_for_writing_and_left_as_it_was_can_be_opened_so_again()
    {
        using (var large = File.Create(At("large")))
        {
            large.SetLength(16 << 20);
        }

        var run = _archive.Record(": >> large && echo opened");
        Assert.Equal(FileUse.Extended, _archive.Load(run).Used.Single(file => file.Path == At("large")).Use);

        var result = _archive.Replay(run);

        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
    }

    [Fact]
    public void A_record_that_was_tampered_with_is_not_replayed()
    {
        var run = _archive.Record("echo said");
        string blob = _archive.Layout.BlobPath(run);
        byte[] bytes = File.ReadAllBytes(blob);
        bytes[^2] ^= 1;
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(blob, bytes);
        Assert.ThrowsAny<Exception>(() => _archive.Replay(run, request => request with { Force = true }));
    }

    private string At(string name) => Path.Combine(_archive.Work, name);

    private static string[] WithUnknown(CpuProfile cpu) =>
        [.. cpu.Features.Append(cpu.Architecture == "arm64" ? "sve9" : "avx512_next").Order(StringComparer.Ordinal)];
}
