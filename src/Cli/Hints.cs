using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>What a person can do about an error. Errors say what is; only this table says what to do, next to the options it mentions.</summary>
internal static class Hints
{
    public static string? For(Exception e, Workbench workbench) => e switch
    {
        UsageException => "see 'prov --help'",
        SyscallException { Call: "clone" or "unshare", Errno: Errno.EPERM } =>
            "this host forbids unprivileged user namespaces; see sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns",
        SyscallException { Call: "clone" or "unshare", Errno: Errno.ENOSPC } =>
            "the limit of user namespaces is reached; see sysctl user.max_user_namespaces",
        SyscallException { Errno: Errno.ENOSPC } or IOException { HResult: (int)Errno.ENOSPC } => DiskFull(workbench),
        _ => null,
    };

    private static string DiskFull(Workbench workbench) =>
        $"free some space, or set PROV_ARCHIVE to a folder on a larger disk; the archive is '{workbench.ArchiveRoot}'";
}
