using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Which system calls a job is refused, and why. All that science has been seen to need is allowed.</summary>
/// <remarks>
/// Left allowed on purpose: ptrace and process_vm_readv (debuggers; MPI's cross-memory attach), perf_event_open (PAPI),
/// mbind and its kin (NUMA), personality (gdb, setarch). The kernel's own limits on them stay in force.
/// </remarks>
internal static class SeccompPolicy
{
    private const string Namespaces =
        "a user namespace inside gives every capability over the kernel's mount and network code: most of its holes begin so";
    private const string MountInterface = "its files are what the record says they are; a job changes no mounts";
    private const string Keyring = "keyrings are not namespaced: the caller's Kerberos tickets and disk keys are in them";
    private const string Kernel = "changes the machine, not the job";
    private const string Unseen = "opens files unseen by observation, and is a frequent source of kernel holes";

    private static readonly SeccompRule[] Always =
    [
        new(Syscall.Keyctl, Keyring),
        new(Syscall.AddKey, Keyring),
        new(Syscall.RequestKey, Keyring),
        new(Syscall.Bpf, "programs in the kernel outlive the job and see all others"),
        new(Syscall.Userfaultfd, "stops the kernel in the middle of a copy: a tool of exploits alone"),
        new(Syscall.OpenByHandleAt, "opens files by number, past every mount"),
        new(Syscall.KexecLoad, Kernel),
        new(Syscall.KexecFileLoad, Kernel),
        new(Syscall.InitModule, Kernel),
        new(Syscall.FinitModule, Kernel),
        new(Syscall.DeleteModule, Kernel),
        new(Syscall.Reboot, Kernel),
        new(Syscall.Swapon, Kernel),
        new(Syscall.Swapoff, Kernel),
        new(Syscall.Acct, Kernel),
        new(Syscall.Quotactl, Kernel),
        new(Syscall.QuotactlFd, Kernel),
        new(Syscall.Ioctl, "types keys into the caller's terminal, where they run outside (CVE-2017-5226)")
        {
            Argument = 1,
            Values = [Libc.TIOCSTI, Libc.TIOCLINUX],
        },
    ];

    // An observer's filter refuses them itself, so that it is told.
    private static readonly SeccompRule[] UnlessObserved =
    [
        // Programs that can do without it ask first, and understand this answer.
        new(Syscall.IoUringSetup, Unseen, Errno.ENOSYS),
        new(Syscall.IoUringEnter, Unseen, Errno.ENOSYS),
        new(Syscall.IoUringRegister, Unseen, Errno.ENOSYS),
    ];

    private static readonly SeccompRule[] UnlessNesting =
    [
        new(Syscall.Clone, Namespaces) { Argument = 0, Values = [(uint)Processes.CLONE_NEWUSER], AnyBit = true },
        new(Syscall.Unshare, Namespaces) { Argument = 0, Values = [(uint)Processes.CLONE_NEWUSER], AnyBit = true },
        // Its flags are in memory, where a filter cannot look. libc goes back to clone(2) on this answer, and only on this.
        new(Syscall.Clone3, Namespaces, Errno.ENOSYS),
        new(Syscall.Setns, Namespaces),
        new(Syscall.Mount, MountInterface),
        new(Syscall.Umount2, MountInterface),
        new(Syscall.PivotRoot, MountInterface),
        new(Syscall.MountSetattr, MountInterface),
        new(Syscall.OpenTree, MountInterface),
        new(Syscall.OpenTreeAttr, MountInterface),
        new(Syscall.MoveMount, MountInterface),
        new(Syscall.Fsopen, MountInterface),
        new(Syscall.Fsconfig, MountInterface),
        new(Syscall.Fsmount, MountInterface),
        new(Syscall.Fspick, MountInterface),
    ];

    public static IReadOnlyList<SeccompRule> Rules(bool allowNesting, bool observed) =>
        [.. Always, .. observed ? [] : UnlessObserved, .. allowNesting ? [] : UnlessNesting];
}
