using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Sandbox;

/// <summary>Mount plans, as tables: what is asked for, what is on the host, what is mounted.</summary>
public sealed class MountPlanTests
{
    private static readonly string[] Host =
    [
        "/img/bin/sh", "/img/etc/passwd", "/img/proc/", "/img/sys/", "/img/dev/", "/img/tmp/", "/img/home/",
        "/proc/sys/", "/sys/", "/dev/null", "/dev/shm/", "/data/in/", "/data/file",
    ];

    // What every container with a read-only root of the image above begins and ends with.
    private static readonly string[] Begin =
    [
        "bind / /img", "seal-tree /", "proc /proc", "bind /sys /sys", "seal-tree /sys", "tmpfs /dev mode=0755",
        "file /dev/null", "bind /dev/null /dev/null", "link /dev/fd /proc/self/fd", "link /dev/stdin /proc/self/fd/0",
        "link /dev/stdout /proc/self/fd/1", "link /dev/stderr /proc/self/fd/2", "link /dev/ptmx pts/ptmx",
        "folder /dev/pts", "devpts /dev/pts", "folder /dev/shm", "bind /dev/shm /dev/shm", "tmpfs /tmp mode=1777",
    ];

    private static readonly string[] End = ["seal /dev"];

    [Fact]
    public void A_plain_container() => Check(Spec(), []);

    [Fact]
    public void A_bind_onto_a_folder_that_is_there() => Check(
        Spec() with { Binds = [new BindMount("/data", "/home")] }, ["bind /home /data"]);

    [Fact]
    public void A_read_only_bind_is_sealed_by_a_second_call() => Check(
        Spec() with { Binds = [new BindMount("/data", "/home", ReadOnly: true)] },
        ["bind /home /data", "seal-tree /home"]);

    [Fact]
    public void Deeper_binds_come_later_whatever_their_order() => Check(
        Spec() with { Binds = [new BindMount("/data", "/home/in"), new BindMount("/data", "/home")] },
        ["bind /home /data", "bind /home/in /data"]);

    [Fact]
    public void A_bind_below_tmp_is_made_in_our_own_file_system() => Check(
        Spec() with { Binds = [new BindMount("/data/file", "/tmp/a/b")] },
        ["folder /tmp/a", "file /tmp/a/b", "bind /tmp/a/b /data/file"]);

    [Fact]
    public void A_missing_place_is_laid_under_before_all_else()
    {
        var plan = Plan(Spec() with { Binds = [new BindMount("/data", "/home/me/x")] }, Facts());
        string[] expected =
        [
            "bind / /img", "seal-tree /", "tmpfs /home mode=0755", .. Begin[2..],
            "folder /home/me", "folder /home/me/x", "bind /home/me/x /data", "seal /home", "seal /dev",
        ];
        Assert.Equal(expected, plan.Actions.Select(action => action.ToString()));
    }

    [Fact]
    public void A_place_missing_in_the_root_shows_its_content_again()
    {
        var plan = Plan(Spec() with { Binds = [new BindMount("/data", "/new")] }, Facts(), ["/img/link -> bin"]);
        string[] laid =
        [
            "tmpfs / mode=0755", "folder /bin", "bind /bin image:/bin", "folder /dev", "bind /dev image:/dev",
            "folder /etc", "bind /etc image:/etc", "folder /home", "bind /home image:/home", "link /link bin",
            "folder /proc", "bind /proc image:/proc", "folder /sys", "bind /sys image:/sys", "folder /tmp",
            "bind /tmp image:/tmp",
        ];
        Assert.Equal(laid, plan.Actions.Skip(2).Take(laid.Length).Select(action => action.ToString()));
        Assert.True(plan.UsesSealedImage);
    }

    [Theory]
    [InlineData("/img/home/abs -> /etc", "/home/abs/passwd", "/etc/passwd")]
    [InlineData("/img/home/up -> ../../../../etc", "/home/up/passwd", "/etc/passwd")]
    [InlineData("/img/home/two -> /home/three", "/home/two", null)]
    [InlineData("/img/home/dot -> ./../etc/./passwd", "/home/dot", "/etc/passwd")]
    public void Links_are_followed_inside_the_root_only(string link, string destination, string? target)
    {
        var plan = Plan(Spec() with { Binds = [new BindMount("/data/file", destination)] }, Facts(), [link]);
        Assert.Contains($"bind {target ?? "/home/three"} /data/file", plan.Actions.Select(action => action.ToString()));
    }

    [Fact]
    public void A_circle_of_links_is_refused()
    {
        var refusal = Assert.Throws<SandboxException>(() => Plan(
            Spec() with { Binds = [new BindMount("/data", "/home/a")] }, Facts(),
            ["/img/home/a -> /home/b", "/img/home/b -> a"]));
        Assert.Equal("'/home/a': too many symbolic links", refusal.Message);
    }

    [Theory]
    [InlineData("/missing", "/home", "bind '/missing': no such file or folder on this host")]
    [InlineData("/data", "/etc/passwd", "bind '/etc/passwd': expected a folder there, the image has the other")]
    [InlineData("/data/file", "/home", "bind '/home': expected a file there, the image has the other")]
    [InlineData("/data", "/", "bind '/': nothing can be mounted on the root itself")]
    [InlineData("/data", "home", "'home': expected an absolute path in the container")]
    public void What_cannot_be_bound_is_refused(string source, string destination, string message)
    {
        var refusal = Assert.Throws<SandboxException>(
            () => Plan(Spec() with { Binds = [new BindMount(source, destination)] }, Facts()));
        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void What_is_asked_for_replaces_ours() => Assert.DoesNotContain(
        "tmpfs /tmp mode=1777",
        Plan(Spec() with { Binds = [new BindMount("/data", "/tmp")] }, Facts()).Actions.Select(action => action.ToString()));

    [Fact]
    public void Without_a_process_tree_the_hosts_proc_is_bound() => Assert.Contains(
        "bind /proc /proc",
        Plan(Spec(), Facts() with { PidNamespace = false }).Actions.Select(action => action.ToString()));

    [Fact]
    public void Root_gets_parts_of_proc_read_only()
    {
        var actions = Plan(Spec(), Facts() with { IsRoot = true }).Actions.Select(action => action.ToString()).ToList();
        int at = actions.IndexOf("proc /proc");
        Assert.Equal(["bind /proc/sys inside:/proc/sys", "seal /proc/sys"], actions.Skip(at + 1).Take(2));
    }

    [Fact]
    public void Before_mount_setattr_each_mount_is_sealed_with_its_locked_flags()
    {
        var facts = Facts() with
        {
            Mounts = HostMount.Parse(
                "1 0 8:1 / / rw,relatime - ext4 /dev/x rw\n" +
                "2 1 8:2 / /data rw,nosuid,nodev - ext4 /dev/y rw\n" +
                "3 2 8:3 / /data/a\\040b rw,noexec,noatime - ext4 /dev/z rw\n"),
        };
        var actions = Plan(Spec() with { Binds = [new BindMount("/data", "/home", ReadOnly: true)] }, facts).Actions;
        var seals = actions.Where(action => action.Kind == MountKind.Seal && action.Target.StartsWith("/home", StringComparison.Ordinal));
        Assert.Equal([("/home", 6L), ("/home/a b", 1032L)], seals.Select(seal => (seal.Target, seal.Flags)));
    }

    [Fact]
    public void A_writable_root_is_an_overlay_in_which_places_are_simply_made()
    {
        var spec = Spec() with
        {
            Writable = new WritableRoot { CopyFolder = "/tmp" },
            Binds = [new BindMount("/data", "/new")],
        };
        var plan = Plan(spec, Facts() with { Root = RootKind.Overlay });
        Assert.Equal("overlay / /img", plan.Actions[0].ToString());
        Assert.Equal(["folder /new", "bind /new /data"], plan.Actions.TakeLast(2).Select(action => action.ToString()));
        Assert.Equal("/etc/passwd", plan.ModifiableFile);
    }

    [Fact]
    public void A_working_folder_that_is_missing_is_made()
    {
        var plan = Plan(Spec() with { WorkingDirectory = "/tmp/a/b" }, Facts());
        Assert.Equal("/tmp/a/b", plan.WorkingDirectory);
        Assert.Contains("folder /tmp/a/b", plan.Actions.Select(action => action.ToString()));
    }

    [Fact]
    public void Generated_files_give_way_to_what_is_asked_for()
    {
        var spec = Spec() with
        {
            GeneratedFiles = new Dictionary<string, ReadOnlyMemory<byte>> { ["/etc/passwd"] = new byte[3] },
        };
        Check(spec, ["content /etc/passwd"]);
        Check(spec with { Binds = [new BindMount("/data/file", "/etc/passwd")] }, ["bind /etc/passwd /data/file"]);
    }

    [Fact]
    public void The_hosts_own_root_is_bound_as_it_is_but_for_the_process_tree() => Assert.Equal(
        ["bind / /", "proc /proc"],
        Plan(OnHost(), Facts() with { Root = RootKind.Host }).Actions.Select(action => action.ToString()));

    [Fact]
    public void A_place_missing_on_the_host_is_laid_under_and_the_host_is_shown_in_it_again()
    {
        var spec = OnHost() with { Binds = [new BindMount("/data", "/data/in/x")] };
        var plan = Plan(spec, Facts() with { Root = RootKind.Host }, ["/data/in/there"]);
        Assert.Equal(
            [
                "bind / /", "tmpfs /data/in mode=0755", "file /data/in/there", "bind /data/in/there /data/in/there", "proc /proc",
                "folder /data/in/x", "bind /data/in/x /data", "seal /data/in",
            ],
            plan.Actions.Select(action => action.ToString()));
        Assert.False(plan.UsesSealedImage);
    }

    [Fact]
    public void The_hosts_root_read_only_keeps_what_everybody_writes_to()
    {
        var spec = OnHost() with { WriteThrough = false, Binds = [new BindMount("/data", "/data")] };
        Assert.Equal(
            ["bind / /", "seal-tree /", "proc /proc", "bind /dev/shm /dev/shm", "bind /tmp /tmp", "bind /data /data"],
            Plan(spec, Facts(), ["/tmp/"]).Actions.Select(action => action.ToString()));
    }

    private static ContainerSpec OnHost() => Spec() with { Rootfs = ContainerSpec.HostRoot, WriteThrough = true };

    private static void Check(ContainerSpec spec, string[] middle) =>
        Assert.Equal([.. Begin, .. middle, .. End], Plan(spec, Facts()).Actions.Select(action => action.ToString()));

    private static MountPlan Plan(ContainerSpec spec, HostFacts facts, string[]? more = null) =>
        MountPlan.Compute(spec, facts, new FileTable([.. Host, .. more ?? []]));

    private static HostFacts Facts() => new() { IsRoot = false, PidNamespace = true };

    private static ContainerSpec Spec() => new()
    {
        Rootfs = "/img",
        Argv = ["sh"],
        Environment = [],
        User = new ContainerUser { Uid = 1, Gid = 1, Name = "a", Home = "/" },
    };
}
