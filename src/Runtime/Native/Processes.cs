namespace Provenance.Runtime.Native;

/// <summary>Constants of clone(2), prctl(2), capabilities(7), rt_sigaction(2) (linux/sched.h, linux/prctl.h, …).</summary>
internal static class Processes
{
    public const long CLONE_NEWNS = 0x00020000, CLONE_NEWUTS = 0x04000000, CLONE_NEWUSER = 0x10000000;
    public const long CLONE_NEWPID = 0x20000000, CLONE_NEWNET = 0x40000000;

    public const int PR_SET_PDEATHSIG = 1, PR_SET_DUMPABLE = 4, PR_SET_NAME = 15, PR_SET_SECCOMP = 22;
    public const int PR_CAPBSET_DROP = 24, PR_SET_CHILD_SUBREAPER = 36, PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_CAP_AMBIENT = 47, PR_CAP_AMBIENT_CLEAR_ALL = 4;

    public const int SECCOMP_SET_MODE_FILTER = 1, SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4, SECCOMP_MODE_FILTER = 2;
    public const int SECCOMP_FILTER_FLAG_NEW_LISTENER = 8, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 32;
    public const int SECCOMP_GET_ACTION_AVAIL = 2, SECCOMP_GET_NOTIF_SIZES = 3;

    public const int SIG_BLOCK = 0, SIG_SETMASK = 2;
    public const long SIG_DFL = 0, SIG_IGN = 1;
    public const ulong SA_SIGINFO = 4, SA_RESTORER = 0x04000000, SA_RESTART = 0x10000000;
    public const int SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TKILL = -6;

    /// <summary>sizeof(sigset_t), as the kernel counts.</summary>
    public const int SignalSetBytes = 8;

    /// <summary>Version 3 of the capability sets: a header of two words, then two structs of three words.</summary>
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    public const int CAP_CHOWN = 0, CAP_DAC_OVERRIDE = 1, CAP_FOWNER = 3, CAP_FSETID = 4, CAP_KILL = 5, CAP_SETGID = 6;
    public const int CAP_SETUID = 7, CAP_SETPCAP = 8, CAP_NET_BIND_SERVICE = 10, CAP_SYS_CHROOT = 18, CAP_SETFCAP = 31;

    /// <summary>Dropping one that the kernel does not know is an error that harms nothing.</summary>
    public const int CAP_LAST_CAP = 40;
}
