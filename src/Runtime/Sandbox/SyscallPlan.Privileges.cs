using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Who the container is, and what it may do.</summary>
internal sealed partial class SyscallPlan
{
    /// <summary>
    /// What root keeps in its own namespace: podman's default set, without which chown, apt and pip in an image that
    /// runs as root fail. None of it reaches beyond the ids and the files that the namespace has.
    /// </summary>
    private static readonly int[] RootCapabilities =
    [
        Processes.CAP_CHOWN, Processes.CAP_DAC_OVERRIDE, Processes.CAP_FOWNER, Processes.CAP_FSETID, Processes.CAP_KILL,
        Processes.CAP_SETGID, Processes.CAP_SETUID, Processes.CAP_SETPCAP, Processes.CAP_NET_BIND_SERVICE,
        Processes.CAP_SYS_CHROOT, Processes.CAP_SETFCAP,
    ];

    /// <summary>Maps the ids, or waits until the parent has.</summary>
    private void AddIdentity()
    {
        if (_map.FromOutside)
        {
            var exit = Exit();
            var go = new SyscallStep(Syscall.Close, null, _descriptors.BarrierRead);
            // Our own copy of the other end must be closed, or the end of the parent would not be noticed.
            Add(
                new SyscallStep(Syscall.Close, null, _descriptors.BarrierWrite),
                new SyscallStep(Syscall.Read, null, _descriptors.BarrierRead, new byte[1], 1)
                { Match = 1, OnMatch = go, OnSuccess = exit, OnError = exit },
                exit,
                go);
            return;
        }
        if (IsRootForEmulator)
            AddMaps($"0 {Identity.EffectiveUid} 1\n", $"0 {Identity.EffectiveGid} 1\n");
        else
            AddMaps(_map.Uids, _map.Gids);
    }

    private void AddMaps(string uidMap, string gidMap)
    {
        var gids = OpenAndWrite("/proc/self/gid_map", gidMap);
        var setgroups = OpenAndWrite("/proc/self/setgroups", "deny");
        // Kernels before 3.19 have no such file, and need none.
        setgroups[0].OnError = gids[0];
        Add([.. setgroups, .. gids, .. OpenAndWrite("/proc/self/uid_map", uidMap)]);
    }

    private void AddHostname()
    {
        if (_spec.Hostname is { } name)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            Add(new SyscallStep(Syscall.Sethostname, name, bytes, bytes.Length));
        }
        if (_spec.Network != ContainerNetwork.None)
            return;
        // struct ifreq: 16 bytes of name, then the flags.
        byte[] request = new byte[40];
        "lo"u8.CopyTo(request);
        request[16] = Libc.IFF_UP;
        var up = new SyscallStep(Syscall.Ioctl, "lo", 0, Libc.SIOCSIFFLAGS, request);
        Add(
            new SyscallStep(Syscall.Socket, "lo", Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0)
            { ResultTo = (up, 0) },
            up);
    }

    /// <summary>Order matters: dropping from the bounding set needs a capability, and a filter needs no_new_privs.</summary>
    private void AddPrivileges()
    {
        int[] kept = _spec.User.Uid == 0 ? RootCapabilities : [];
        for (int capability = 0; capability <= Processes.CAP_LAST_CAP; capability++)
        {
            if (!kept.Contains(capability))
                Add(new SyscallStep(Syscall.Prctl, null, Processes.PR_CAPBSET_DROP, capability) { IgnoreError = true });
        }
        if (_map.FromOutside && !IsAsWeAre(_spec.User))
            AddUser();
        // Kernels before 4.3 have no ambient set.
        Add(new SyscallStep(Syscall.Prctl, null, Processes.PR_CAP_AMBIENT, Processes.PR_CAP_AMBIENT_CLEAR_ALL)
        { IgnoreError = true });
        Add(
            new SyscallStep(Syscall.Capset, null, CapabilityHeader(), CapabilitySets(kept)),
            new SyscallStep(Syscall.Prctl, "no_new_privs", Processes.PR_SET_NO_NEW_PRIVS, 1));
        AddFilter();
    }

    /// <summary>Root that is asked to be root keeps the groups it has, unless a group or further ones are asked for.</summary>
    private static bool IsAsWeAre(ContainerUser user) =>
        user.Uid == 0 && user.Gid == Identity.EffectiveGid && user.Groups.Count == 0;

    /// <summary>Root that runs a job as somebody else, or with other groups.</summary>
    private void AddUser()
    {
        var user = _spec.User;
        byte[] groups = MemoryMarshal.AsBytes(user.Groups.ToArray().AsSpan()).ToArray();
        Add(
            new SyscallStep(Syscall.Setgroups, user.Name, user.Groups.Count, groups.Length == 0 ? 0 : groups),
            new SyscallStep(Syscall.Setresgid, user.Name, user.Gid, user.Gid, user.Gid),
            new SyscallStep(Syscall.Setresuid, user.Name, user.Uid, user.Uid, user.Uid));
    }

    /// <summary>Before 5.16 a filter turned on a mitigation that slows numerical code; the flag (4.17) prevents that.</summary>
    private void AddFilter()
    {
        var filter = StepArgument.Filter(
            SeccompFilter.Build(RuntimeInformation.ProcessArchitecture, SeccompPolicy.Rules(_spec.AllowNesting, IsObserved)));
        var plain = new SyscallStep(
            Syscall.Prctl, "seccomp", Processes.PR_SET_SECCOMP, Processes.SECCOMP_MODE_FILTER, filter);
        // Sets PDEATHSIG again: a change of ids has cleared it.
        var end = new SyscallStep(Syscall.Prctl, null, Processes.PR_SET_PDEATHSIG, Signals.SIGKILL);
        Add(
            new SyscallStep(
                Syscall.Seccomp, "seccomp", Processes.SECCOMP_SET_MODE_FILTER,
                Processes.SECCOMP_FILTER_FLAG_SPEC_ALLOW, filter)
            { OnSuccess = end, OnError = plain },
            plain,
            end);
    }

    private static SyscallStep[] OpenAndWrite(string file, string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        var write = new SyscallStep(Syscall.Write, file, 0, bytes, bytes.Length);
        return
        [
            new SyscallStep(Syscall.Openat, file, Libc.AT_FDCWD, file, Libc.O_WRONLY | Libc.O_CLOEXEC, 0)
                { ResultTo = (write, 0) },
            write,
        ];
    }

    private static byte[] CapabilityHeader()
    {
        byte[] header = new byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Processes._LINUX_CAPABILITY_VERSION_3);
        return header;
    }

    /// <summary>Effective, permitted and inheritable, low words and then high words.</summary>
    private static byte[] CapabilitySets(int[] kept)
    {
        ulong mask = kept.Aggregate(0UL, (set, capability) => set | (1UL << capability));
        byte[] sets = new byte[6 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(sets, (uint)mask);
        BinaryPrimitives.WriteUInt32LittleEndian(sets.AsSpan(sizeof(uint)), (uint)mask);
        BinaryPrimitives.WriteUInt32LittleEndian(sets.AsSpan(3 * sizeof(uint)), (uint)(mask >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(sets.AsSpan(4 * sizeof(uint)), (uint)(mask >> 32));
        return sets;
    }
}
