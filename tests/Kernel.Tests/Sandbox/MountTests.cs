using System.Text;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>What files a job sees, and what of them it can change.</summary>
public sealed class MountTests : IDisposable
{
    private readonly BusyboxRoot _root = BusyboxRoot.Make();
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-bind-").FullName;

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_root_is_read_only()
    {
        var job = Job.Shell(_root, "touch /x /etc/x /usr/bin/x; echo $?; rm /bin/sh; echo x > /etc/passwd");
        Assert.Contains("Read-only file system\n1\n", job.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_root.Path, "bin/sh")));
        Assert.DoesNotContain("x", Directory.GetFileSystemEntries(_root.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Temporary_folders_are_fresh_and_writable()
    {
        BusyboxRoot.Write(Path.Combine(_root.Path, "tmp/old"), "x");
        var job = Job.Shell(_root, "ls -A /tmp /var/tmp; touch /tmp/a /var/tmp/b /run/c && stat -c %a /tmp");
        Assert.Equal("/tmp:\n\n/var/tmp:\n1777\n", job.Output);
        Assert.False(File.Exists(Path.Combine(_root.Path, "tmp/a")));
    }

    [Fact]
    public void A_bind_shows_a_folder_of_the_host_and_takes_changes()
    {
        BusyboxRoot.Write(Path.Combine(_folder, "in"), "hello");
        var job = Job.Shell(_root, "cat in; echo bye > out; stat -c %u out", spec => spec with
        {
            Binds = [new BindMount(_folder, _folder)],
            WorkingDirectory = _folder,
        });
        Assert.Equal($"hello{Caller.Current().Uid}\n", job.Output);
        Assert.Equal("bye\n", File.ReadAllText(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void A_read_only_bind_takes_none()
    {
        var job = Job.Shell(
            _root, "touch /data/x; echo $?", spec => spec with { Binds = [new BindMount(_folder, "/data", ReadOnly: true)] });
        Assert.Equal("touch: /data/x: Read-only file system\n1\n", job.Output);
    }

    [Fact]
    public void A_missing_mount_point_is_made_without_touching_the_image()
    {
        BusyboxRoot.Write(Path.Combine(_folder, "in"), "hello");
        string before = Listing();
        var job = Job.Shell(
            _root, "cat /new/deep/in /usr/share/x/in; ls -d /bin /etc /usr/bin /new; touch /new/y; cat /etc/extra",
            spec => spec with
            {
                Binds = [new BindMount(_folder, "/new/deep"), new BindMount(_folder, "/usr/share/x")],
                GeneratedFiles = new Dictionary<string, ReadOnlyMemory<byte>>
                {
                    ["/etc/extra"] = Encoding.UTF8.GetBytes("made\n"),
                },
            });
        Assert.Equal(
            "hellohello/bin\n/etc\n/new\n/usr/bin\ntouch: /new/y: Read-only file system\nmade\n", job.Output);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public void Links_in_the_image_never_lead_a_mount_to_the_host()
    {
        string outside = Directory.CreateTempSubdirectory("prov-out-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "escape"), outside);
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "up"), "../../../../../../work");
        BusyboxRoot.Write(Path.Combine(_folder, "in"), "hello\n");
        var job = Job.Shell(_root, $"cat {outside}/in /work/in /escape/in", spec => spec with
        {
            Binds = [new BindMount(_folder, "/escape"), new BindMount(_folder, "/up")],
        });
        Assert.Equal("hello\nhello\nhello\n", job.Output);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Directory.Delete(outside);
    }

    [Fact]
    public void A_source_behind_links_of_the_host_is_found()
    {
        string link = _folder + "-link";
        Directory.CreateSymbolicLink(link, _folder);
        BusyboxRoot.Write(Path.Combine(_folder, "in"), "hello");
        var job = Job.Shell(_root, "cat /data/in", spec => spec with { Binds = [new BindMount(link, "/data")] });
        File.Delete(link);
        Assert.Equal("hello", job.Output);
    }

    [Fact]
    public void Generated_files_stand_over_the_images_own()
    {
        string passwd = Path.Combine(_root.Path, "etc/passwd");
        string before = File.ReadAllText(passwd);
        var caller = Caller.Current();
        var user = ImageUser.Resolve("", before, "", caller);
        var job = Job.Shell(_root, "id -un; cat /etc/passwd; hostname", spec => spec with
        {
            User = user,
            Hostname = "node7",
            GeneratedFiles = HostFiles.Generate(before, "", user, caller, ContainerNetwork.Host, "node7"),
        });
        Assert.StartsWith(caller.Name + "\n", job.Output, StringComparison.Ordinal);
        Assert.EndsWith("node7\n", job.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(passwd));
    }

    [Fact]
    public void A_writable_root_takes_changes_and_leaves_the_image_alone()
    {
        string before = Listing();
        var job = Job.Shell(
            _root, "echo more >> /etc/passwd && touch /new && rm /bin/cat && mkdir /etc/d && sed -n 2p /etc/passwd",
            spec => spec with { Writable = new WritableRoot { CopyFolder = _folder } });
        Assert.Equal("more\n", job.Output);
        Assert.Equal(before, Listing());
        Assert.NotEqual(RootKind.ReadOnly, job.Result.Root);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Changes_are_kept_in_a_folder_that_is_given()
    {
        string upper = Path.Combine(_folder, "changes");
        ContainerSpec Change(ContainerSpec spec) =>
            spec with { Writable = new WritableRoot { UpperFolder = upper, CopyFolder = _folder } };
        var first = Job.Shell(_root, "echo kept > /etc/kept", Change);
        Assert.SkipWhen(first.Result.Root == RootKind.Copy, "no overlay on this host");
        Assert.Equal("kept\n", Job.Shell(_root, "cat /etc/kept", Change).Output);
    }

    [Fact]
    public void The_hosts_own_root_can_be_read_only_but_for_tmp()
    {
        BusyboxRoot.Write(Path.Combine(_folder, "in"), "hello");
        string script = $"cat in; touch out; touch /etc/prov-test; ls -d {_folder}; echo x > /dev/null && echo devices";
        var spec = Job.Spec(ContainerSpec.HostRoot, "/bin/sh", "-c", script) with
        {
            Binds = [new BindMount(_folder, _folder)],
            WorkingDirectory = _folder,
        };
        var job = Job.Run(spec);
        Assert.Contains("hello", job.Output, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", job.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{_folder}\ndevices\n", job.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void The_hosts_own_root_can_be_written_through_as_its_permissions_say()
    {
        string out_ = Path.Combine(_folder, "out");
        string script = $"echo hello > {out_}; cat /proc/1/comm; ls -d $(dirname {out_}) /nosuch/bound; touch /nosuch/new; exit 3";
        var job = Job.Run(Job.Spec(ContainerSpec.HostRoot, "/bin/sh", "-c", script) with
        {
            WriteThrough = true,
            Binds = [new BindMount(_folder, "/nosuch/bound")],
        });
        Assert.Equal(3, job.Result.Status.ExitCode);
        Assert.Equal(RootKind.Host, job.Result.Root);
        Assert.Equal("hello\n", File.ReadAllText(out_));
        Assert.StartsWith("prov-init\n", job.Output, StringComparison.Ordinal);
        Assert.Contains($"/nosuch/bound\n{_folder}\n", job.Output, StringComparison.Ordinal);
        Assert.False(Path.Exists("/nosuch"));
    }

    [Fact]
    public void Devices_and_terminals_are_there()
    {
        var job = Job.Shell(
            _root, "echo x > /dev/null && head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c; ls -d /dev/shm /dev/pts/ptmx; readlink /dev/fd");
        Assert.Equal("4\n4\n/dev/pts/ptmx\n/dev/shm\n/proc/self/fd\n", job.Output);
    }

    [Fact]
    public void The_network_can_be_none()
    {
        var job = Job.Shell(
            _root, "cat /proc/net/dev | wc -l; ifconfig lo | grep -c UP",
            spec => spec with { Network = ContainerNetwork.None });
        Assert.Equal("3\n1\n", job.Output);
    }

    [Fact]
    public void A_bind_within_a_bind_needs_its_place_there()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "there"));
        var refusal = Assert.Throws<SandboxException>(() => Job.Shell(_root, "true", spec => spec with
        {
            Binds = [new BindMount(_folder, "/data"), new BindMount("/etc", "/data/missing")],
        }));
        Assert.Equal(
            "bind '/data/missing': no '/missing' in what is mounted at '/data', which is not ours to change",
            refusal.Message);
        var job = Job.Shell(_root, "ls /data; ls -d /data/there/passwd", spec => spec with
        {
            Binds = [new BindMount("/etc", "/data/there"), new BindMount(_folder, "/data")],
        });
        Assert.Equal("there\n/data/there/passwd\n", job.Output);
    }

    [Fact]
    public void Nothing_stays_mounted_on_the_host()
    {
        string before = File.ReadAllText("/proc/self/mountinfo");
        Job.Shell(_root, "true");
        Assert.Equal(before, File.ReadAllText("/proc/self/mountinfo"));
    }

    private string Listing() => string.Join('\n', Directory
        .EnumerateFileSystemEntries(_root.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks}"));
}
