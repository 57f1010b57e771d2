using System.Runtime.InteropServices;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Which system calls are observed, and how their arguments are read. All others cost a job nothing.</summary>
/// <remarks>
/// Left out on purpose: stat, access, readlink and chdir, which are by far the most frequent and open nothing; calls on a
/// descriptor, whose file was seen when it was opened; sendmsg and send without an address.
/// </remarks>
internal static class CallTable
{
    private const string Why = "observed";

    // None of these is done over what is there already.
    private const FileAccess Made = FileAccess.Create | FileAccess.Exclusive;

    private static readonly ObservedCall[] Files =
    [
        new(Syscall.Open, CallShape.Open),
        new(Syscall.Openat, CallShape.Openat),
        new(Syscall.Openat2, CallShape.Openat2) { Since = "5.6" },
        new(Syscall.Creat, CallShape.Creat),
        new(Syscall.Execve, CallShape.Execve),
        new(Syscall.Execveat, CallShape.Execveat),
        new(Syscall.Rename, CallShape.Rename),
        new(Syscall.Renameat, CallShape.Renameat),
        new(Syscall.Renameat2, CallShape.Renameat),
        new(Syscall.Link, CallShape.Link),
        new(Syscall.Linkat, CallShape.Linkat),
        new(Syscall.Symlink, CallShape.Path, 1) { Access = Made },
        new(Syscall.Symlinkat, CallShape.Path, 2) { FolderAt = 1, Access = Made },
        new(Syscall.Unlink, CallShape.Path) { Access = FileAccess.Remove },
        new(Syscall.Unlinkat, CallShape.Path, 1) { FolderAt = 0, Access = FileAccess.Remove },
        new(Syscall.Rmdir, CallShape.Path) { Access = FileAccess.Remove },
        new(Syscall.Mkdir, CallShape.Path) { Access = Made },
        new(Syscall.Mkdirat, CallShape.Path, 1) { FolderAt = 0, Access = Made },
        new(Syscall.Mknod, CallShape.Path) { Access = Made },
        new(Syscall.Mknodat, CallShape.Path, 1) { FolderAt = 0, Access = Made },
        new(Syscall.Truncate, CallShape.Path) { Access = FileAccess.Write, Follows = true },
        new(Syscall.Truncate64, CallShape.Path) { Access = FileAccess.Write, Follows = true },
    ];

    private static readonly ObservedCall[] Attributes =
    [
        Attribute(Syscall.Chmod),
        Attribute(Syscall.Fchmodat, folderAt: 0),
        Attribute(Syscall.Fchmodat2, folderAt: 0, flagsAt: 3) with { Since = "6.6" },
        Attribute(Syscall.Chown),
        Attribute(Syscall.Chown32),
        Attribute(Syscall.Lchown) with { Follows = false },
        Attribute(Syscall.Lchown32) with { Follows = false },
        Attribute(Syscall.Fchownat, folderAt: 0, flagsAt: 4),
        Attribute(Syscall.Utime),
        Attribute(Syscall.Utimes),
        Attribute(Syscall.Futimesat, folderAt: 0) with { UnlessNull = 1 },
        Attribute(Syscall.Utimensat, folderAt: 0, flagsAt: 3) with { UnlessNull = 1 },
        Attribute(Syscall.UtimensatTime64, folderAt: 0, flagsAt: 3) with { UnlessNull = 1 },
        Attribute(Syscall.Setxattr),
        Attribute(Syscall.Lsetxattr) with { Follows = false },
        Attribute(Syscall.Removexattr),
        Attribute(Syscall.Lremovexattr) with { Follows = false },
        Attribute(Syscall.Setxattrat, folderAt: 0, flagsAt: 2) with { Since = "6.13" },
        Attribute(Syscall.Removexattrat, folderAt: 0, flagsAt: 2) with { Since = "6.13" },
    ];

    private static readonly ObservedCall[] Others =
    [
        new(Syscall.Connect, CallShape.Connect),
        new(Syscall.Bind, CallShape.Bind),
        new(Syscall.Sendto, CallShape.SendTo) { UnlessNull = 4 },
        new(Syscall.Sendmmsg, CallShape.SendMany),
        new(Syscall.Socketcall, CallShape.Socketcall),
        new(Syscall.Chroot, CallShape.Chroot),
        new(Syscall.MemfdCreate, CallShape.MemoryFile),
        new(Syscall.Setsid, CallShape.Session),
        new(Syscall.Seccomp, CallShape.OwnListener)
        {
            OnlyWith = (1, Processes.SECCOMP_FILTER_FLAG_NEW_LISTENER),
        },
        new(Syscall.IoUringSetup, CallShape.Ring),
        // clone3(2) has its flags in memory, where a filter cannot look.
        new(Syscall.Clone, CallShape.Namespaces) { OnlyWith = (0, (uint)Processes.CLONE_NEWNS) },
        new(Syscall.Unshare, CallShape.Namespaces),
        new(Syscall.Setns, CallShape.Namespaces),
        new(Syscall.Mount, CallShape.Namespaces),
        new(Syscall.PivotRoot, CallShape.Namespaces),
        new(Syscall.MoveMount, CallShape.Namespaces),
    ];

    /// <summary>
    /// What few programs use, and seldom; sources: the man pages of each. What the C library itself tries and does without (clone3, faccessat2, close_range),
    /// and what is called all the time (futex_waitv, epoll_pwait2), is left out.
    /// </summary>
    private static readonly ObservedCall[] Newer =
    [
        new(Syscall.PidfdGetfd, CallShape.Noted) { Since = "5.6" },
        new(Syscall.ProcessMadvise, CallShape.Noted) { Since = "5.10" },
        new(Syscall.LandlockCreateRuleset, CallShape.Noted) { Since = "5.13" },
        new(Syscall.MemfdSecret, CallShape.Noted) { Since = "5.14" },
        new(Syscall.SetMempolicyHomeNode, CallShape.Noted) { Since = "5.17" },
        new(Syscall.Cachestat, CallShape.Noted) { Since = "6.5" },
        new(Syscall.Statmount, CallShape.Noted) { Since = "6.8" },
        new(Syscall.Listmount, CallShape.Noted) { Since = "6.8" },
        new(Syscall.Mseal, CallShape.Noted) { Since = "6.10" },
    ];

    private static readonly ObservedCall?[] X64 = Index(call => call.X64);
    private static readonly ObservedCall?[] I386 = Index(call => call.I386);
    private static readonly ObservedCall?[] Arm64 = Index(call => call.Arm64);

    public static IEnumerable<ObservedCall> All => [.. Files, .. Attributes, .. Others, .. Newer];

    /// <param name="architecture">As struct seccomp_data has it.</param>
    public static ObservedCall? Find(uint architecture, int number)
    {
        var calls = architecture switch
        {
            SeccompFilter.AUDIT_ARCH_X86_64 => X64,
            SeccompFilter.AUDIT_ARCH_I386 => I386,
            _ => Arm64,
        };
        return number >= 0 && number < calls.Length ? calls[number] : null;
    }

    /// <summary>The filter that tells of them.</summary>
    /// <param name="architecture">Of the job.</param>
    /// <param name="others">What it tells somebody else of: there can be only one listener.</param>
    public static SeccompFilter Filter(Architecture architecture, params IReadOnlyList<SeccompRule> others) => SeccompFilter.Build(architecture,
    [
        .. All.Select(Rule),
        .. others,
        // What could be done with a ring that another program has made.
        new(Syscall.IoUringEnter, Why, Errno.ENOSYS),
        new(Syscall.IoUringRegister, Why, Errno.ENOSYS),
    ]);

    private static SeccompRule Rule(ObservedCall row) => new(row.Call, Why)
    {
        Notifies = true,
        UnlessNull = row.UnlessNull,
        Argument = row.OnlyWith?.Argument,
        Values = row.OnlyWith is { } only ? [only.AnyBit] : [],
        AnyBit = true,
    };

    private static ObservedCall Attribute(Syscall call, int? folderAt = null, int? flagsAt = null) =>
        new(call, CallShape.Path, folderAt is null ? 0 : 1)
        {
            FolderAt = folderAt,
            FlagsAt = flagsAt,
            Follows = true,
            Access = FileAccess.Attributes,
        };

    private static ObservedCall?[] Index(Func<Syscall, int> number)
    {
        var rows = All.Where(row => number(row.Call) >= 0).ToList();
        var index = new ObservedCall?[rows.Max(row => number(row.Call)) + 1];
        foreach (var row in rows)
            index[number(row.Call)] = row;
        return index;
    }
}
