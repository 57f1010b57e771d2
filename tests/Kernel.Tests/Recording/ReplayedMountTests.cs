using Provenance.Archive.Records;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>What a replay makes of recorded mounts, limits and groups: of those that runs give, and of those that only a hand-made record has.</summary>
public sealed class ReplayedMountTests
{
    [Fact]
    public void A_tmpfs_has_the_size_again_that_was_asked_for()
    {
        using var archive = new RecordedArchive();
        var run = archive.Record(
            "dd if=/dev/zero of=/data/full bs=1024 count=200 2> /dev/null; stat -c %s /data/full",
            change: request => request with { Tmpfs = [new TmpfsMount("/data", 64 << 10)] });
        var recorded = archive.Load(run).Record;
        Assert.Equal(64 << 10, Assert.Single(recorded.Mounts, mount => mount.Kind == "tmpfs").SizeBytes);
        Assert.Equal("65536\n", archive.TextOf(recorded.Outcome.Stdout!.Kept));

        AssertReproduced(archive.Replay(run));
    }

    [Fact]
    public void More_than_a_record_can_hold_is_recorded_as_the_most_it_can()
    {
        using var archive = new RecordedArchive();
        var run = archive.Record("echo said", change: request => request with { Tmpfs = [new TmpfsMount("/data", long.MaxValue)] });

        Assert.Equal(CanonicalJson.MaxInteger, Assert.Single(archive.Load(run).Record.Mounts, mount => mount.Kind == "tmpfs").SizeBytes);
    }

    [Fact]
    public void The_groups_that_root_gave_are_given_again()
    {
        Assert.SkipUnless(IdentityMap.IsFullRoot(), "only root can give groups");
        using var archive = new RecordedArchive(furnish: root =>
        {
            File.AppendAllText(Path.Combine(root, "etc/passwd"), "ada:x:0:0:Ada:/home:/bin/sh\n");
            File.AppendAllText(Path.Combine(root, "etc/group"), "lab:x:4321:ada\nraid:x:4322:ada,root\n");
        });
        var run = archive.Record("grep Groups /proc/self/status", change: request => request with { User = "ada" });
        Assert.Equal([4321, 4322], archive.Load(run).Record.Invocation.User.Groups!);
        Assert.Equal("Groups:\t4321 4322 \n", archive.TextOf(archive.Load(run).Record.Outcome.Stdout!.Kept));

        AssertReproduced(archive.Replay(run));
    }

    [Fact]
    public void A_limit_that_cannot_be_reached_is_told_beforehand_and_in_the_record_of_the_replay()
    {
        var own = InvocationFacts.OwnLimits().FirstOrDefault(limit => limit is { Name: "nofile" or "memlock" or "as", Hard: < long.MaxValue >> 10 });
        Assert.SkipWhen(own is null, "no limit of this process is bounded");
        using var archive = new RecordedArchive();
        var run = archive.Forge(archive.Record("echo said"), record => record with
        {
            Invocation = record.Invocation with { Limits = [new ResourceLimit { Name = own.Name, Soft = own.Hard + 1 }] },
        });

        var told = Assert.Single(new Replayer(archive.Layout, TimeProvider.System).Check(run.Hex).Findings, finding => finding.Rule == "LIMIT-1");
        var replayed = archive.Replay(run);

        Assert.Equal((Verdict.Warn, $"{own.Name}: {own.Hard + 1} then, at most {own.Hard} here"), (told.Verdict, told.Evidence.Single()));
        Assert.Equal(told.Evidence, Assert.Single(replayed.Record.Assessment.Findings, finding => finding.Rule == "LIMIT-1").Evidence);
        AssertReproduced(replayed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_mounts_at_one_destination_the_last_counts(bool isSame)
    {
        using var archive = new RecordedArchive();
        archive.Write("in.txt", "one two\n");
        string other = Directory.CreateDirectory(Path.Combine(archive.Folder, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "in.txt"), "other\n");
        var genuine = archive.Record("cat in.txt; wc -w < in.txt > out.txt");
        File.Delete(Path.Combine(archive.Work, "out.txt"));
        var run = archive.Forge(genuine, record => record with
        {
            Mounts = [.. record.Mounts.SelectMany(mount => new[] { isSame ? mount : mount with { Source = other }, mount })],
        });

        Assert.NotEqual(Verdict.Refuse, new Replayer(archive.Layout, TimeProvider.System).Check(run.Hex).Verdict);
        AssertReproduced(archive.Replay(run));
        Assert.Equal(["in.txt"], Directory.GetFiles(other).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../../../../../../../../../../etc")]
    public void What_the_image_has_over_a_mount_is_not_looked_for_outside_the_image(string target)
    {
        using var archive = new RecordedArchive(furnish: root => File.CreateSymbolicLink(Path.Combine(root, "var/planted"), target));
        var run = archive.Forge(archive.Record("ls /var/planted/"), record => record with
        {
            Mounts = [.. record.Mounts, new Mount { Kind = "image", Destination = "/var/planted", ReadOnly = true, Purpose = "environment", IsFile = false }],
        });

        AssertReproduced(archive.Replay(run));
    }

    [Fact]
    public void What_the_image_has_not_is_said()
    {
        using var archive = new RecordedArchive();
        var run = archive.Forge(archive.Record("echo said"), record => record with
        {
            Mounts = [.. record.Mounts, new Mount { Kind = "image", Destination = "/opt/env", ReadOnly = true, Purpose = "environment", IsFile = false }],
        });

        var refused = Assert.Throws<RecordingException>(() => archive.Replay(run));

        Assert.Equal("mount '/opt/env': the image has nothing there that can be shown (ENOENT)", refused.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(archive.Scratch));
    }

    private static void AssertReproduced(ReplayResult result) =>
        Assert.Equal((ReplayVerdict.Reproduced, null), (result.Record.Verdict, result.Record.Reason));
}
