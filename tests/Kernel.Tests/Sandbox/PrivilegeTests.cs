using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>What a job may not do.</summary>
public sealed class PrivilegeTests : IDisposable
{
    private const string DefaultRootSet = "00000000800405fb";

    private readonly BusyboxRoot _root = BusyboxRoot.Make();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_user_has_no_capabilities_and_gets_none()
    {
        var job = Job.Shell(_root, "grep -E '^(Cap|NoNew|Seccomp:)' /proc/self/status", As("1234:1234"));
        const string None = "0000000000000000";
        Assert.Equal(
            $"CapInh:\t{None}\nCapPrm:\t{None}\nCapEff:\t{None}\nCapBnd:\t{None}\nCapAmb:\t{None}\nNoNewPrivs:\t1\nSeccomp:\t2\n",
            job.Output);
    }

    [Fact]
    public void Root_of_a_container_has_podmans_set()
    {
        var job = Job.Shell(_root, "grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status", As("0:0"));
        Assert.Equal($"CapPrm:\t{DefaultRootSet}\nCapEff:\t{DefaultRootSet}\nCapBnd:\t{DefaultRootSet}\n", job.Output);
    }

    [Fact]
    public void The_job_is_who_is_asked_for_and_the_caller_outside()
    {
        string folder = Directory.CreateTempSubdirectory("prov-owner-").FullName;
        var job = Job.Shell(_root, "id -u; id -g; touch /data/x", spec => As("77:88")(spec) with
        {
            Binds = [new BindMount(folder, "/data")],
        });
        Assert.StartsWith("77\n88\n", job.Output, StringComparison.Ordinal);
        // Root's ids are all its own; anybody else has one.
        if (Caller.Current().Uid != 0)
            Assert.True(File.Exists(Path.Combine(folder, "x")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Root_has_the_group_that_is_asked_for()
    {
        var job = Job.Shell(_root, "id -u; id -g; grep ^CapEff /proc/self/status", As("0:88"));
        Assert.Equal($"0\n88\nCapEff:\t{DefaultRootSet}\n", job.Output);
    }

    [Theory]
    [InlineData("unshare -U true")]
    [InlineData("mount -t tmpfs x /tmp")]
    [InlineData("umount /tmp")]
    [InlineData("chown 5 /tmp")]
    public void Namespaces_mounts_and_owners_cannot_be_changed(string command)
    {
        var job = Job.Shell(_root, $"{command} 2>&1; echo $?", As("1234:1234"));
        Assert.Matches("(Operation not permitted|Permission denied|Invalid argument|are you root)[^\n]*\n1\n", job.Output);
    }

    [Fact]
    public void Namespaces_can_be_made_when_nesting_is_asked_for()
    {
        var job = Job.Shell(_root, "unshare -U true; echo $?", spec => As("1234:1234")(spec) with { AllowNesting = true });
        Assert.Equal("0\n", job.Output);
    }

    [Fact]
    public void Refused_calls_are_refused_and_others_not()
    {
        string? program = CProgram.Compile(_root, "calls", """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <pthread.h>
            #include <stdio.h>
            #include <sys/ioctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            static void *none(void *x) { return x; }
            #define SHOW(name, call) do { errno = 0; long r = (call); printf("%s %d %d\n", name, r < 0 ? -1 : 0, errno); } while (0)
            int main(void) {
              SHOW("keyctl", syscall(SYS_keyctl, 0, -3, 0));
              SHOW("add_key", syscall(SYS_add_key, "user", "x", "y", 1, -3));
              SHOW("bpf", syscall(SYS_bpf, 0, 0, 0));
              SHOW("io_uring", syscall(SYS_io_uring_setup, 1, 0));
              SHOW("clone3", syscall(SYS_clone3, 0, 0));
              SHOW("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
              SHOW("tiocsti", ioctl(0, TIOCSTI, "x"));
              SHOW("getpid", syscall(SYS_getpid));
              pthread_t t;
              SHOW("thread", pthread_create(&t, 0, none, 0) ? -1 : pthread_join(t, 0));
            #ifdef __x86_64__
              SHOW("x32", syscall(0x40000000 + 39));
            #endif
            }
            """);
        Assert.SkipWhen(program is null, "no C compiler that links statically on this host");
        var job = Job.Run(Job.Spec(_root.Path, program));
        string expected = "keyctl -1 1\nadd_key -1 1\nbpf -1 1\nio_uring -1 38\nclone3 -1 38\nfsopen -1 1\ntiocsti -1 1\n" +
            "getpid 0 0\nthread 0 0\n" + (Syscall.Read.Number == 0 ? "x32 -1 38\n" : "");
        Assert.Equal(expected, job.Output);
    }

    [Fact]
    public void Process_1_cannot_be_looked_into_or_killed()
    {
        var job = Job.Shell(
            _root, "cat /proc/1/comm; cat /proc/1/environ /proc/1/maps >/dev/null; kill -9 1; kill -15 1; echo alive");
        Assert.StartsWith("prov-init\n", job.Output, StringComparison.Ordinal);
        Assert.Contains("alive\n", job.Output, StringComparison.Ordinal);
        Assert.Contains("ermission denied", job.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_cannot_reach_the_hosts_kernel_through_proc()
    {
        Assert.SkipUnless(Caller.Current().Uid == 0, "only root owns these files");
        var job = Job.Shell(_root, "echo 1 > /proc/sys/kernel/core_uses_pid");
        Assert.Contains("Read-only file system", job.Output, StringComparison.Ordinal);
    }

    private static Func<ContainerSpec, ContainerSpec> As(string user) => spec => spec with
    {
        User = ImageUser.Resolve(user, "", "", Caller.Current()),
    };
}
