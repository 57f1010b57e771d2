using Provenance.Runtime.Native;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>The emulator: the kernel hands it every program of the job.</summary>
/// <remarks>
/// Linux 6.7: each user namespace has a binfmt_misc of its own, whose entries count in the namespaces below it as well. The file in which an entry is
/// made belongs to the namespace's root. A job that is somebody else is given a second namespace, in which it has its own id.
/// </remarks>
internal sealed partial class SyscallPlan
{
    private const string Formats = "/proc/sys/fs/binfmt_misc";

    private bool IsRootForEmulator => _spec.Emulator is not null && !_map.FromOutside && _spec.User.Uid != 0;

    private void AddEmulator()
    {
        if (_spec.Emulator is null)
            return;
        string place = Inside + Formats;
        Add(Mount("binfmt_misc", "binfmt_misc", place, "binfmt_misc", Mounts.MS_NOSUID | Mounts.MS_NODEV | Mounts.MS_NOEXEC, null));
        Add(OpenAndWrite($"{place}/register", Emulator.Registration($"{Inside}/proc/self/fd/{_descriptors.Emulator}")));
    }

    private void AddOwnId()
    {
        if (!IsRootForEmulator)
            return;
        Add(new SyscallStep(Syscall.Unshare, "user namespace", Processes.CLONE_NEWUSER));
        AddMaps($"{_spec.User.Uid} 0 1\n", $"{_spec.User.Gid} 0 1\n");
    }
}
