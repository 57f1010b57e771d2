using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What is decided for a job on the host's own files.</summary>
public sealed class HostJobPlannerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_job_is_where_and_who_the_caller_is_and_has_the_callers_environment()
    {
        var plan = Plan(Request());
        Assert.True(plan.IsOnHost);
        Assert.Null(plan.Image);
        Assert.Equal(ContainerSpec.HostRoot, plan.Spec.Rootfs);
        Assert.True(plan.Spec.WriteThrough);
        Assert.Equal(_folder.Path, plan.Spec.WorkingDirectory);
        Assert.Equal((1234u, 5678u, "me", "/home/me"), (plan.Spec.User.Uid, plan.Spec.User.Gid, plan.Spec.User.Name, plan.Spec.User.Home));
        Assert.Equal(["A=1", "HOME=/home/me", "PATH=/bin"], plan.Spec.Environment.Select(entry => $"{entry}"));
        Assert.Empty(plan.Spec.GeneratedFiles);
        Assert.Empty(plan.Spec.Binds);
        Assert.Equal("working-folder", Assert.Single(plan.Mounts).Purpose);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void What_is_given_goes_before_what_the_caller_has() => Assert.Equal(
        ["A=2", "B=3", "HOME=/home/me", "PATH=/bin"],
        Plan(Request() with { Environment = [new("B", "3"), new("A", "2")] }).Spec.Environment.Select(entry => $"{entry}"));

    [Fact]
    public void Another_user_has_a_home_of_its_own()
    {
        var plan = Plan(Request() with { User = "root" });
        Assert.Equal(0u, plan.Spec.User.Uid);
        Assert.Equal(["A=1", "HOME=/root", "LOGNAME=root", "PATH=/bin", "USER=root"], plan.Spec.Environment.Select(entry => $"{entry}"));
    }

    [Fact]
    public void Read_only_leaves_the_working_folder_writable()
    {
        var plan = Plan(Request() with { ReadOnly = true, Binds = [new BindMount("/usr", "/data")] });
        Assert.False(plan.Spec.WriteThrough);
        Assert.Equal([new BindMount("/usr", "/data", ReadOnly: true), new BindMount(_folder.Path, _folder.Path)], plan.Spec.Binds);
    }

    [Fact]
    public void A_name_of_its_own_resolves() => Assert.Contains(
        "127.0.1.1 blub", System.Text.Encoding.UTF8.GetString(
            Plan(Request() with { Hostname = "blub" }).Spec.GeneratedFiles["/etc/hosts"].Span), StringComparison.Ordinal);

    [Fact]
    public void A_working_folder_of_the_system_is_no_mount_and_that_is_said()
    {
        var plan = Plan(Request(), "/usr");
        Assert.Empty(plan.Mounts);
        Assert.Equal("/usr", plan.Spec.WorkingDirectory);
        Assert.Equal(
            ["the working folder '/usr' is a folder of the system: what is in it counts as the system's, not as input"], plan.Notes);
    }

    [Fact]
    public void A_working_folder_must_be_there()
    {
        var refusal = Assert.Throws<SandboxException>(() => Plan(Request() with { WorkingDirectory = "/no/such" }));
        Assert.Equal("working directory '/no/such': no such folder on this host", refusal.Message);
        Assert.Equal("/no/such", Plan(Request() with { WorkingDirectory = "/no/such", Tmpfs = [new TmpfsMount("/no")] }).Spec.WorkingDirectory);
    }

    [Fact]
    public void Two_mounts_at_one_place_are_refused()
    {
        var refusal = Assert.Throws<BindException>(() => Plan(Request() with { Binds = [new BindMount("/usr", "/data"), new BindMount("/etc", "/data")] }));
        Assert.Equal("bind '/data': two mounts have this destination: '/usr' and '/etc'", refusal.Message);
        Assert.Equal("scratch", Assert.Single(Plan(Request() with { Tmpfs = [new TmpfsMount(_folder.Path)] }).Mounts).Purpose);
    }

    [Fact]
    public void A_destination_is_where_the_hosts_links_lead()
    {
        Directory.CreateDirectory(_folder.At("real"));
        File.CreateSymbolicLink(_folder.At("link"), "real");
        var plan = Plan(Request() with { Binds = [new BindMount("/usr", _folder.At("link/data"))] });
        Assert.Contains(new BindMount("/usr", _folder.At("real/data")), plan.Spec.Binds);
    }

    private JobPlan Plan(JobRequest request, string? current = null) => JobPlanner.Plan(request, new JobSurroundings
    {
        Caller = new Caller { Uid = 1234, Gid = 5678, Name = "me", GroupName = "us" },
        CurrentFolder = current ?? _folder.Path,
        Environment = [new("A", "1"), new("HOME", "/home/me"), new("PATH", "/bin")],
    });

    private static JobRequest Request() => new()
    {
        Reference = null,
        Image = null,
        Rootfs = ContainerSpec.HostRoot,
        Arguments = ["true"],
    };
}
