using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>A system call by its name and its numbers (asm/unistd_64.h, asm/unistd_32.h, asm-generic/unistd.h).</summary>
/// <param name="name">As in the man pages.</param>
/// <param name="i386">What a 32-bit program calls on x86-64; -1 where it has no such call.</param>
internal sealed class Syscall(string name, int x64, int arm64, int i386 = -1)
{
    /// <summary>No call: the step at which the interpreter returns to its caller.</summary>
    public static readonly Syscall Return = new("return", -1, -1);

    public static readonly Syscall Read = new("read", 0, 63);
    public static readonly Syscall Write = new("write", 1, 64);
    public static readonly Syscall Openat = new("openat", 257, 56, 295);
    public static readonly Syscall Close = new("close", 3, 57);
    public static readonly Syscall CloseRange = new("close_range", 436, 436);
    public static readonly Syscall Dup3 = new("dup3", 292, 24);
    public static readonly Syscall Ioctl = new("ioctl", 16, 29, 54);
    public static readonly Syscall Mkdirat = new("mkdirat", 258, 34, 296);
    public static readonly Syscall Mknodat = new("mknodat", 259, 33, 297);
    public static readonly Syscall Symlinkat = new("symlinkat", 266, 36, 304);
    public static readonly Syscall Unlinkat = new("unlinkat", 263, 35, 301);
    public static readonly Syscall Newfstatat = new("newfstatat", 262, 79);
    public static readonly Syscall Chdir = new("chdir", 80, 49);
    public static readonly Syscall Chroot = new("chroot", 161, 51, 61);
    public static readonly Syscall Umask = new("umask", 95, 166);
    public static readonly Syscall Mount = new("mount", 165, 40, 21);
    public static readonly Syscall Umount2 = new("umount2", 166, 39, 52);
    public static readonly Syscall PivotRoot = new("pivot_root", 155, 41, 217);
    public static readonly Syscall MountSetattr = new("mount_setattr", 442, 442, 442);
    public static readonly Syscall Clone = new("clone", 56, 220, 120);
    public static readonly Syscall Wait4 = new("wait4", 61, 260);
    public static readonly Syscall ExitGroup = new("exit_group", 231, 94);
    public static readonly Syscall Execve = new("execve", 59, 221, 11);
    public static readonly Syscall Prctl = new("prctl", 157, 167);
    public static readonly Syscall Capset = new("capset", 126, 91);
    public static readonly Syscall Seccomp = new("seccomp", 317, 277, 354);
    public static readonly Syscall Ppoll = new("ppoll", 271, 73);
    public static readonly Syscall RtSigaction = new("rt_sigaction", 13, 134);
    public static readonly Syscall RtSigprocmask = new("rt_sigprocmask", 14, 135);
    public static readonly Syscall Setgroups = new("setgroups", 116, 159);
    public static readonly Syscall Setresuid = new("setresuid", 117, 147);
    public static readonly Syscall Setresgid = new("setresgid", 119, 149);
    public static readonly Syscall Prlimit64 = new("prlimit64", 302, 261);
    public static readonly Syscall Sethostname = new("sethostname", 170, 161);
    public static readonly Syscall Socket = new("socket", 41, 198);
    public static readonly Syscall Munmap = new("munmap", 11, 215);
    public static readonly Syscall Rseq = new("rseq", 334, 293);
    public static readonly Syscall PidfdOpen = new("pidfd_open", 434, 434);
    public static readonly Syscall PidfdSendSignal = new("pidfd_send_signal", 424, 424);

    // Those below are seen by an observer (Observing/CallTable); some are made as steps as well.
    public static readonly Syscall Open = new("open", 2, -1, 5);
    public static readonly Syscall Openat2 = new("openat2", 437, 437, 437);
    public static readonly Syscall Creat = new("creat", 85, -1, 8);
    public static readonly Syscall Execveat = new("execveat", 322, 281, 358);
    public static readonly Syscall Connect = new("connect", 42, 203, 362);
    public static readonly Syscall Bind = new("bind", 49, 200, 361);
    public static readonly Syscall Sendto = new("sendto", 44, 206, 369);
    public static readonly Syscall Sendmsg = new("sendmsg", 46, 211, 370);
    public static readonly Syscall Sendmmsg = new("sendmmsg", 307, 269, 345);
    public static readonly Syscall Socketcall = new("socketcall", -1, -1, 102);
    public static readonly Syscall Rename = new("rename", 82, -1, 38);
    public static readonly Syscall Renameat = new("renameat", 264, 38, 302);
    public static readonly Syscall Renameat2 = new("renameat2", 316, 276, 353);
    public static readonly Syscall Link = new("link", 86, -1, 9);
    public static readonly Syscall Linkat = new("linkat", 265, 37, 303);
    public static readonly Syscall Symlink = new("symlink", 88, -1, 83);
    public static readonly Syscall Unlink = new("unlink", 87, -1, 10);
    public static readonly Syscall Rmdir = new("rmdir", 84, -1, 40);
    public static readonly Syscall Mkdir = new("mkdir", 83, -1, 39);
    public static readonly Syscall Mknod = new("mknod", 133, -1, 14);
    public static readonly Syscall Truncate = new("truncate", 76, 45, 92);
    public static readonly Syscall Truncate64 = new("truncate64", -1, -1, 193);
    public static readonly Syscall Chmod = new("chmod", 90, -1, 15);
    public static readonly Syscall Fchmodat = new("fchmodat", 268, 53, 306);
    public static readonly Syscall Fchmodat2 = new("fchmodat2", 452, 452, 452);
    public static readonly Syscall Chown = new("chown", 92, -1, 182);
    public static readonly Syscall Chown32 = new("chown32", -1, -1, 212);
    public static readonly Syscall Lchown = new("lchown", 94, -1, 16);
    public static readonly Syscall Lchown32 = new("lchown32", -1, -1, 198);
    public static readonly Syscall Fchownat = new("fchownat", 260, 54, 298);
    public static readonly Syscall Utime = new("utime", 132, -1, 30);
    public static readonly Syscall Utimes = new("utimes", 235, -1, 271);
    public static readonly Syscall Futimesat = new("futimesat", 261, -1, 299);
    public static readonly Syscall Utimensat = new("utimensat", 280, 88, 320);
    public static readonly Syscall UtimensatTime64 = new("utimensat_time64", -1, -1, 412);
    public static readonly Syscall Setxattr = new("setxattr", 188, 5, 226);
    public static readonly Syscall Lsetxattr = new("lsetxattr", 189, 6, 227);
    public static readonly Syscall Removexattr = new("removexattr", 197, 14, 235);
    public static readonly Syscall Lremovexattr = new("lremovexattr", 198, 15, 236);
    public static readonly Syscall Setxattrat = new("setxattrat", 463, 463, 463);
    public static readonly Syscall Removexattrat = new("removexattrat", 466, 466, 466);
    public static readonly Syscall MemfdCreate = new("memfd_create", 319, 279, 356);
    public static readonly Syscall Setsid = new("setsid", 112, 157, 66);
    public static readonly Syscall Faccessat2 = new("faccessat2", 439, 439);
    public static readonly Syscall PidfdGetfd = new("pidfd_getfd", 438, 438, 438);
    public static readonly Syscall ProcessVmReadv = new("process_vm_readv", 310, 270);

    public static readonly Syscall ProcessMadvise = new("process_madvise", 440, 440, 440);
    public static readonly Syscall LandlockCreateRuleset = new("landlock_create_ruleset", 444, 444, 444);
    public static readonly Syscall MemfdSecret = new("memfd_secret", 447, 447, 447);
    public static readonly Syscall SetMempolicyHomeNode = new("set_mempolicy_home_node", 450, 450, 450);
    public static readonly Syscall Cachestat = new("cachestat", 451, 451, 451);
    public static readonly Syscall Statmount = new("statmount", 457, 457, 457);
    public static readonly Syscall Listmount = new("listmount", 458, 458, 458);
    public static readonly Syscall Mseal = new("mseal", 462, 462, 462);

    // Those below stop a job for its tracer (Pinning/TracedCalls).
    public static readonly Syscall Gettid = new("gettid", 186, 178);
    public static readonly Syscall Tgkill = new("tgkill", 234, 131);
    public static readonly Syscall Ptrace = new("ptrace", 101, 117, 26);
    public static readonly Syscall Mmap = new("mmap", 9, 222);
    public static readonly Syscall Mprotect = new("mprotect", 10, 226, 125);
    public static readonly Syscall PkeyMprotect = new("pkey_mprotect", 329, 288, 380);

    // Those below are only ever refused, see SeccompPolicy.
    public static readonly Syscall Keyctl = new("keyctl", 250, 219, 288);
    public static readonly Syscall AddKey = new("add_key", 248, 217, 286);
    public static readonly Syscall RequestKey = new("request_key", 249, 218, 287);
    public static readonly Syscall Bpf = new("bpf", 321, 280, 357);
    public static readonly Syscall Unshare = new("unshare", 272, 97, 310);
    public static readonly Syscall Setns = new("setns", 308, 268, 346);
    public static readonly Syscall Clone3 = new("clone3", 435, 435, 435);
    public static readonly Syscall OpenTree = new("open_tree", 428, 428, 428);
    public static readonly Syscall OpenTreeAttr = new("open_tree_attr", 467, 467, 467);
    public static readonly Syscall MoveMount = new("move_mount", 429, 429, 429);
    public static readonly Syscall Fsopen = new("fsopen", 430, 430, 430);
    public static readonly Syscall Fsconfig = new("fsconfig", 431, 431, 431);
    public static readonly Syscall Fsmount = new("fsmount", 432, 432, 432);
    public static readonly Syscall Fspick = new("fspick", 433, 433, 433);
    public static readonly Syscall Userfaultfd = new("userfaultfd", 323, 282, 374);
    public static readonly Syscall OpenByHandleAt = new("open_by_handle_at", 304, 265, 342);
    public static readonly Syscall IoUringSetup = new("io_uring_setup", 425, 425, 425);
    public static readonly Syscall IoUringEnter = new("io_uring_enter", 426, 426, 426);
    public static readonly Syscall IoUringRegister = new("io_uring_register", 427, 427, 427);
    public static readonly Syscall KexecLoad = new("kexec_load", 246, 104, 283);
    public static readonly Syscall KexecFileLoad = new("kexec_file_load", 320, 294);
    public static readonly Syscall InitModule = new("init_module", 175, 105, 128);
    public static readonly Syscall FinitModule = new("finit_module", 313, 273, 350);
    public static readonly Syscall DeleteModule = new("delete_module", 176, 106, 129);
    public static readonly Syscall Reboot = new("reboot", 169, 142, 88);
    public static readonly Syscall Swapon = new("swapon", 167, 224, 87);
    public static readonly Syscall Swapoff = new("swapoff", 168, 225, 115);
    public static readonly Syscall Acct = new("acct", 163, 89, 51);
    public static readonly Syscall Quotactl = new("quotactl", 179, 60, 131);
    public static readonly Syscall QuotactlFd = new("quotactl_fd", 443, 443, 443);

    public string Name { get; } = name;

    public int X64 { get; } = x64;

    public int Arm64 { get; } = arm64;

    /// <summary>What a 32-bit program calls on x86-64; -1 where it has no such call.</summary>
    public int I386 { get; } = i386;

    /// <summary>On the architecture this process runs on.</summary>
    public int Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        var other => throw new PlatformNotSupportedException($"architecture '{other}': expected x86-64 or arm64"),
    };
}
