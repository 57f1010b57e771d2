using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>Every question is asked twice: of a catalog on disk, and while the records still wait in incoming/.</summary>
public sealed class RecordFinderTests : IDisposable
{
    private readonly SampleArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void Runs_come_newest_first_and_no_more_than_asked() => Ask(
        () => [_archive.Accept(1), _archive.Accept(3), _archive.Accept(2)],
        (finder, runs) =>
        {
            Assert.Equal([runs[1], runs[2], runs[0]], finder.Runs(new RunQuery()).Select(run => run.Record));
            Assert.Equal([runs[1], runs[2]], finder.Runs(new RunQuery { Limit = 2 }).Select(run => run.Record));
        });

    [Fact]
    public void A_run_is_found_by_each_condition_and_not_by_another_value() => Ask(
        () => [_archive.Accept(1), _archive.Accept(2, Another)],
        (finder, runs) =>
        {
            foreach (var (condition, negative) in Conditions())
            {
                Assert.Equal(runs[1], Assert.Single(finder.Runs(condition)).Record);
                Assert.Empty(finder.Runs(negative));
            }
        });

    [Fact]
    public void A_row_of_the_list_says_what_the_record_says() => Ask(
        () => [_archive.Accept(7)],
        (finder, runs) =>
        {
            var row = finder.FindRun(runs[0])!;

            Assert.Equal("python3 fit.py --number=7", row.Command);
            Assert.Equal(RecordSamples.Start.AddMinutes(7), row.StartedAt);
            Assert.Equal(TimeSpan.FromSeconds(1), row.Duration);
            Assert.Equal((0, 9), (row.ExitCode, row.Signal));
            Assert.Equal(("/work", "debian-sci", "a", "node1", "zen2"), (row.WorkingFolder, row.ImageReference, row.UserName, row.Hostname, row.Cpu));
            Assert.Equal(1, row.GeneratedCount);
            Assert.Equal("Ada Example", row.SignerName);
            Assert.NotNull(row.SignerCertificate);
            Assert.Equal(runs[0], Assert.Single(finder.Runs(new RunQuery { Signer = row.SignerCertificate })).Record);
        });

    [Theory]
    [InlineData("result 5", FileRole.Generated, "/work/results/fit.csv")]
    [InlineData("data", FileRole.Used, "/work/data.csv")]
    [InlineData("in", FileRole.Stdin, "stdin")]
    [InlineData("out", FileRole.Stdout, "stdout")]
    [InlineData("err", FileRole.Stderr, "stderr")]
    [InlineData("cuda", FileRole.Injected, "/usr/lib/libcuda.so.1")]
    public void A_file_is_found_by_each_of_its_digests(string content, FileRole role, string path) => Ask(
        () => [_archive.Accept(5)],
        (finder, runs) =>
        {
            var digests = RecordSamples.DigestsOf(content);
            foreach (string hex in new[] { digests.Sha256, digests.Sha512!, digests.Sha1!, digests.Md5! })
            {
                var match = finder.FilesByDigest(hex).Single(file => file.Path == path);
                Assert.Equal((runs[0], role, digests.Sha256), (match.Run, match.Role, match.Sha256?.Hex));
            }
        });

    [Fact]
    public void A_file_is_looked_for_among_the_runs_that_are_asked_for() => Ask(
        () => [_archive.Accept(1), _archive.Accept(2, Another)],
        (finder, runs) =>
        {
            string hex = RecordSamples.DigestsOf("data").Sha256;
            Assert.Equal(2, finder.FilesByDigest(hex).Count);
            Assert.Equal(2, finder.FilesByPath("data.csv").Count);
            Assert.Equal(runs[1], Assert.Single(finder.FilesByDigest(hex, new RunQuery { Limit = 1 })).Run);
            foreach (var (condition, negative) in Conditions())
            {
                Assert.Equal(runs[1], Assert.Single(finder.FilesByDigest(hex, condition)).Run);
                Assert.Empty(finder.FilesByDigest(hex, negative));
                foreach (string path in new[] { "data.csv", "/work/data.csv" })
                {
                    Assert.Equal(runs[1], Assert.Single(finder.FilesByPath(path, condition)).Run);
                    Assert.Empty(finder.FilesByPath(path, negative));
                }
            }
        });

    [Fact]
    public void A_file_is_found_by_path_by_name_and_by_folder() => Ask(
        () => [_archive.Accept(5)],
        (finder, _) =>
        {
            foreach (string question in new[] { "/work/results/fit.csv", "fit.csv", "/work/results/" })
            {
                Assert.Equal("/work/results/fit.csv", Assert.Single(finder.FilesByPath(question)).Path);
            }

            Assert.Equal(["/work/5", "/work/data.csv", "/work/results/fit.csv"],
                finder.FilesByPath("/work/").Select(file => file.Path).Order(StringComparer.Ordinal));
            Assert.Empty(finder.FilesByPath("/work/result/"));
        });

    [Fact]
    public void How_a_file_was_used_is_known_where_it_was_observed() => Ask(
        () => [_archive.Accept(5)],
        (finder, _) =>
        {
            var input = Assert.Single(finder.FilesByPath("/work/data.csv"));
            Assert.Equal((FileUse.Read, FileClass.Input), (input.Use, input.Class));
            var folder = Assert.Single(finder.FilesByPath("/work/5"));
            Assert.Equal((null, null), (folder.Use, folder.Class));
        });

    [Fact]
    public void A_run_is_found_by_a_program_it_started_and_by_no_part_of_its_name() => Ask(
        () => [_archive.Accept(5)],
        (finder, runs) =>
        {
            foreach (string program in new[] { "/usr/bin/python3.11", "python3.11" })
            {
                Assert.Equal(runs[0], Assert.Single(finder.Runs(new RunQuery { Program = program })).Record);
            }

            Assert.Empty(finder.Runs(new RunQuery { Program = "python3" }));
        });

    [Fact]
    public void An_image_is_found_by_every_digest_it_has() => Ask(
        () => [_archive.AcceptImage()],
        (finder, images) =>
        {
            foreach (string content in new[] { "manifest", "index", "config", "tree", "layer", "tar" })
            {
                var image = Assert.Single(finder.ImagesByDigest(RecordSamples.Blob(content).Digest));
                Assert.Equal((images[0], "linux/amd64/v3", "oci"), (image.Record, image.Platform, image.Packing));
            }

            Assert.Single(finder.Images());
            Assert.Empty(finder.ImagesByDigest(RecordSamples.Blob("none").Digest));
        });

    [Fact]
    public void Replays_of_a_run_are_found() => Ask(
        () =>
        {
            var run = _archive.Accept(1);
            return [run, _archive.AcceptReplay(run)];
        },
        (finder, records) =>
        {
            var replay = Assert.Single(finder.ReplaysOf(records[0]));
            Assert.Equal((records[1], ReplayVerdict.Differs, true), (replay.Record, replay.Verdict, replay.Forced));
            Assert.Equal(("node1", "zen2", Verdict.Warn), (replay.Hostname, replay.Cpu, replay.Assessed));
            Assert.Empty(finder.ReplaysOf(records[1]));
            Assert.Equal(RecordKind.Replay, finder.Get(records[1].Hex[..8]).Kind);
            Assert.Equal((1, 1), (finder.Count(RecordKind.Run), finder.Count(RecordKind.Replay)));
        });

    [Fact]
    public void An_ambiguous_name_lists_what_it_may_mean()
    {
        var pair = StatementsThatShareFourDigits();
        foreach (byte[] statement in pair)
        {
            _archive.Intake().Accept(RecordKind.Run, statement, _archive.Sign(statement));
        }

        using var finder = _archive.Finder();
        var candidates = pair.Select(statement => Digest.Of(statement)).OrderBy(record => record.Hex, StringComparer.Ordinal).ToList();
        var error = Assert.Throws<AmbiguousRecordException>(() => finder.Get(candidates[0].Hex[..4]));

        Assert.Equal(candidates, error.Candidates);
        Assert.Equal(candidates[0], finder.Get(candidates[0].ToString()).Record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("xyzw")]
    [InlineData("sha256:")]
    [InlineData("sha512:abcdef")]
    [InlineData("abcd\n")]
    public void What_is_no_beginning_of_a_digest_names_nothing(string name)
    {
        using var finder = _archive.Finder();

        Assert.Null(finder.Find(name));
        Assert.Throws<RecordNotFoundException>(() => finder.Get(name));
    }

    [Fact]
    public void Signs_that_mean_something_to_the_search_mean_nothing_in_a_text()
    {
        _archive.Accept(1, run => run with
        {
            Invocation = run.Invocation with { Argv = ["grep", "a\"b OR * NEAR(x)", "-c"] },
        });
        using var finder = _archive.Finder();

        Assert.Single(finder.Runs(new RunQuery { Text = "a\"b OR * NEAR(x)" }));
        Assert.Empty(finder.Runs(new RunQuery { Text = "a OR b" }));
        Assert.Throws<CatalogException>(() => finder.Runs(new RunQuery { Text = "ab" }));
    }

    [Fact]
    public void The_log_proves_that_it_holds_the_record_with_this_signature()
    {
        var record = _archive.Accept(1);
        _archive.Accept(2);
        using var finder = _archive.Finder();
        var row = finder.Get(record.Hex);

        Assert.Equal(CheckOutcome.Ok, finder.CheckLog(record, row.Signature).Outcome);
        Assert.Equal(CheckOutcome.Failed, finder.CheckLog(record, record).Outcome);
        Assert.Equal(CheckOutcome.Absent, finder.CheckLog(Digest.Of("other"u8), row.Signature).Outcome);
    }

    private static RunRecord Another(RunRecord run) => run with
    {
        Image = run.Image with { Reference = "other-image", Tree = Digest.Of("other tree"u8) },
        Hosts = [run.Hosts[0] with { Hostname = "node9", Cpu = run.Hosts[0].Cpu with { Features = ["avx512f"] } }],
        Injected = [run.Injected[0] with { Soname = "libmpi.so.40", HostPath = "/opt/mpi/libmpi.so.40.1" }],
        Labels = [new Label { Name = "paper", Value = "fig 4" }],
        Invocation = run.Invocation with { Argv = ["./solver", "--mesh", "fine"] },
        Network = new NetworkUse
        {
            Peers = [run.Network!.Peers[0] with { Address = "198.51.100.9", Name = "mirror.example" }],
            Names = ["mirror.example", "gone.example"],
        },
        Sources = [run.Sources![0] with { Commit = "0123456789abcdef0123456789abcdef01234567" }],
    };

    private static IEnumerable<(RunQuery Condition, RunQuery Negative)> Conditions()
    {
        yield return (new RunQuery { ImageReference = "other-image" }, new RunQuery { ImageReference = "other" });
        yield return (new RunQuery { Image = Digest.Of("other tree"u8) }, new RunQuery { Image = Digest.Of("x"u8) });
        yield return (new RunQuery { Host = "node9" }, new RunQuery { Host = "node" });
        yield return (new RunQuery { CpuFeature = "avx512f" }, new RunQuery { CpuFeature = "avx512" });
        yield return (new RunQuery { Injected = "libmpi.so.40" }, new RunQuery { Injected = "libmpi" });
        yield return (new RunQuery { Injected = "libmpi.so.40.1" }, new RunQuery { Injected = "libmpi.so.4" });
        yield return (new RunQuery { Injected = "/opt/mpi/libmpi.so.40.1" }, new RunQuery { Injected = "/opt/mpi" });
        yield return (
            new RunQuery { LabelName = "paper", LabelValue = "fig 4" },
            new RunQuery { LabelName = "paper", LabelValue = "fig 5" });
        yield return (new RunQuery { Peer = "198.51.100.9" }, new RunQuery { Peer = "198.51.100" });
        yield return (new RunQuery { Peer = "mirror.example" }, new RunQuery { Peer = "mirror" });
        yield return (new RunQuery { Peer = "gone.example" }, new RunQuery { Peer = "example" });
        yield return (new RunQuery { Commit = "0123456" }, new RunQuery { Commit = "0123457" });
        yield return (new RunQuery { Text = "solver" }, new RunQuery { Text = "solvent" });
        yield return (new RunQuery { Text = "h fin" }, new RunQuery { Text = "finer" });
        yield return (
            new RunQuery { Since = RecordSamples.Start.AddMinutes(2) },
            new RunQuery { Since = RecordSamples.Start.AddMinutes(3) });
        yield return (
            new RunQuery { Since = RecordSamples.Start.AddMinutes(2), Until = RecordSamples.Start.AddMinutes(3) },
            new RunQuery { Until = RecordSamples.Start });
    }

    /// <summary>Two of some hundred do, whatever the records look like.</summary>
    private static IReadOnlyList<byte[]> StatementsThatShareFourDigits()
    {
        var sample = RecordSamples.RunPredicate();
        var statements = new Dictionary<string, byte[]>();
        for (int number = 0; ; number++)
        {
            var run = sample with { Invocation = sample.Invocation with { Argv = [$"job{number}"] } };
            byte[] statement = RecordJson.Serialize(RecordSamples.Run(run));
            string digits = Digest.Of(statement).Hex[..4];
            if (statements.TryGetValue(digits, out byte[]? other))
            {
                return [other, statement];
            }

            statements.Add(digits, statement);
        }
    }

    private void Ask(Func<IReadOnlyList<Digest>> accept, Action<RecordFinder, IReadOnlyList<Digest>> question)
    {
        IReadOnlyList<Digest> records;
        using (ArchiveLock.TryTake(_archive.Layout))
        {
            records = accept();
            using var waiting = _archive.Finder();
            Assert.Null(waiting.Get(records[0].Hex).LogIndex);
            question(waiting, records);
        }

        _archive.Intake().SequenceIncoming();
        using var indexed = _archive.Finder();
        Assert.NotNull(indexed.Get(records[0].Hex).LogIndex);
        question(indexed, records);
    }
}
