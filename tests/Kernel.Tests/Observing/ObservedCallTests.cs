using System.Text.RegularExpressions;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Sandbox;
using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>What is told of single calls.</summary>
public sealed partial class ObservedCallTests : IDisposable
{
    private readonly BusyboxRoot _root = BusyboxRoot.Make();
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-calls-").FullName;

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_first_program_and_its_files_are_seen()
    {
        var job = ObservedJob.Run(Job.Spec(_root.Path, "cat", "/etc/passwd", "/nowhere/at/all"));

        Assert.Equal(1, job.Result.Status.ExitCode);
        Assert.Equal(new ProcessStarted { Process = 1, Parent = 0 }, job.Events[0]);
        var program = job.Events.OfType<ProgramStarted>().Single();
        Assert.Equal("/bin/busybox", program.Path);
        Assert.Equal(["cat", "/etc/passwd", "/nowhere/at/all"], program.Argv);
        Assert.Equal("/", program.WorkingDirectory);
        Assert.Equal("/bin/cat", job.Touched.First(t => t.Access == FileAccess.Execute).Named);
        Assert.Contains("/etc/passwd", job.Paths(FileAccess.Read));
        Assert.Contains("/nowhere/at/all", job.Paths(FileAccess.Read, found: false));
    }

    [Fact]
    public void Each_call_is_told_as_it_was_made()
    {
        string? program = CProgram.Compile(_root, "calls", CallsProgram.Source);
        Assert.SkipWhen(program is null, "no C compiler that links statically on this host");

        var job = ObservedJob.Run(Job.Spec(_root.Path, program) with { Binds = [new BindMount(_folder, "/data")] });

        // Where the kernel was started without calls of 32 bits, or is a guest that must not make them, int 0x80 is a fault.
        bool narrow = !job.Output.Contains("no int80", StringComparison.Ordinal);
        Assert.Equal($"ring 38 listener 16{(narrow ? "" : " no int80")}\n", job.Output);
        Assert.Equal(0, job.Result.Status.ExitCode);
        string expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Observing", "calls.txt"));
        Assert.Equal(narrow ? expected : expected.Replace("narrow:\n  1 Read /data/b\n", "narrow:\n", StringComparison.Ordinal), Describe(job.Events));
    }

    /// <summary>One line an event, below the name of what the program was about to do; numbers of /proc as N.</summary>
    private static string Describe(IReadOnlyList<ObservedEvent> events)
    {
        const string Mark = "/mark/";
        var lines = new List<string>();
        foreach (var told in events)
        {
            if (told is FileTouched { Before: null } touched && touched.Path.StartsWith(Mark, StringComparison.Ordinal))
                lines.Add(touched.Path[Mark.Length..] + ":");
            else if (lines.Count > 0)
                lines.Add("  " + Line(told));
        }
        int begin = lines.IndexOf("open-flags:");
        return string.Join('\n', lines.Skip(begin)) + "\n";
    }

    private static string Line(ObservedEvent told) => $"{told.Process} " + told switch
    {
        FileTouched t => $"{t.Access} {t.Path}" + (t.Named is null ? "" : $" <- {Short(t.Named)}")
            + (t.Before is { } before ? before.LinkCount == 0 ? " (deleted)" : "" : " (missing)"),
        FileRenamed r => $"{(r.KeepsOld ? "linked" : "renamed")} {r.From} {r.To}",
        ProgramStarted p => $"started {p.Path} [{string.Join(' ', p.Argv)}] in {p.WorkingDirectory}",
        ProcessStarted p => $"process of {p.Parent}",
        PeerContacted p => $"{(p.IsBound ? "bound" : "peer")} {p.Family} {p.Protocol} {p.Address} {p.Port}",
        NameAsked n => $"asked {n.Name}",
        CallNoted n => $"noted {n.What}",
        ObservedLoss l => $"lost {l.Sentence}",
        _ => told.ToString(),
    };

    private static string Short(string named) =>
        named.Length > 100 ? named[..10] + "..." : OwnDescriptor().Replace(named, "$1/fd/N");

    [GeneratedRegex(@"\A(/proc/[a-z-]+)/fd/\d+\z")]
    private static partial Regex OwnDescriptor();

    [Fact]
    public void What_happens_in_a_root_of_its_own_is_told_by_the_containers_paths()
    {
        Assert.SkipUnless(Caller.Current().Uid == 0, "only root may change its root");
        string? program = CProgram.Compile(_root, "chroots", """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <sys/stat.h>
            #include <unistd.h>
            int main(void) {
              mkdir("/data/in", 0755); mkdir("/data/in/dir", 0755); symlink("/dir", "/data/in/link");
              close(open("/data/in/dir/file", O_CREAT | O_WRONLY, 0600));
              if (chroot("/data/in")) return 1;
              open("/dir/file", O_RDONLY); open("/link/file", O_RDONLY); open("/dir/none", O_RDONLY);
              chdir("/dir"); open("file", O_RDONLY); open("../link/file", O_RDONLY);
            }
            """);
        Assert.SkipWhen(program is null, "no C compiler that links statically on this host");

        var job = ObservedJob.Run(Job.Spec(_root.Path, program) with { Binds = [new BindMount(_folder, "/data")] });

        Assert.Equal(0, job.Result.Status.ExitCode);
        Assert.Equal("chroot", Assert.Single(job.Events.OfType<CallNoted>()).What);
        Assert.Equal(
            ["/data/in/dir/file", "/data/in/dir/file", "/data/in/dir/none", "/data/in/dir/file", "/data/in/dir/file"],
            job.Touched.Where(t => t.Access == FileAccess.Read).Select(t => t.Path));
    }

    [Fact]
    public void A_container_inside_is_seen_too()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "unshare is not installed");

        var job = ObservedJob.Run(ObservedJob.OnHost(
            _folder, "unshare", "-Urm", "sh", "-c", "mkdir in; mount -t tmpfs none in; echo 1 > in/new; cat in/new") with
        {
            AllowNesting = true,
        });

        Assert.Equal("1\n", job.Output);
        Assert.Contains("own-namespaces", job.Events.OfType<CallNoted>().Select(n => n.What));
        Assert.Contains(_folder + "/in/new", job.Paths(FileAccess.Read));
        Assert.Contains(_folder + "/in/new", job.Paths(FileAccess.Write | FileAccess.Create, found: false));
    }

    [Fact]
    public void A_program_that_may_not_be_read_is_said_to_be_unseen()
    {
        string? unreadable = Environment.GetEnvironmentVariable("PROV_UNREADABLE");
        Assert.SkipWhen(unreadable is null, "needs a program of somebody else's, without the right to read it");

        var job = ObservedJob.Run(ObservedJob.OnHost(_folder, unreadable, "cat", "/etc/passwd") with
        {
            Binds = [new BindMount(_folder, _folder), new BindMount(unreadable, unreadable)],
        });

        Assert.Equal(0, job.Result.Status.ExitCode);
        Assert.Contains("may not be read", Assert.Single(job.Events.OfType<ObservedLoss>()).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo x > /etc/passwd", "/etc/passwd")]
    [InlineData("echo x > /etc/new", "/etc/new")]
    public void What_is_mounted_read_only_is_not_claimed_to_be_written(string script, string path)
    {
        var job = ObservedJob.Run(Job.Spec(_root.Path, "sh", "-c", script));

        Assert.NotEqual(0, job.Result.Status.ExitCode);
        Assert.Equal(FileAccess.None, job.Touched.Single(t => t.Path == path).Access);
    }
}
