using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>The file systems that every container has: /proc, /sys, /dev, /tmp, /var/tmp and /run.</summary>
internal sealed partial class MountPlanner
{
    private const long NoSuidNoDev = Mounts.MS_NOSUID | Mounts.MS_NODEV;

    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom", "tty"];

    // As runc's readonlyPaths: files by which root, whose uid owns them, could change the host's kernel.
    private static readonly string[] ProtectedFromRoot = ["bus", "fs", "irq", "sys", "sysrq-trigger"];

    private static readonly string[] HostWritable = ["/dev/shm", "/dev/mqueue", "/dev/pts", "/tmp", "/var/tmp"];

    private void MountSystem()
    {
        MountProc();
        if (IsHostRoot)
        {
            // Its /run has the sockets of its name and batch services, its /tmp those of the desktop and of MPI.
            if (facts.Root == RootKind.ReadOnly)
                KeepHostWritable();
            return;
        }
        MountSys();
        MountDev();
        MountScratch("/tmp", "mode=1777", required: true);
        MountScratch("/var/tmp", "mode=1777", required: false);
        MountScratch("/run", "mode=0755", required: false);
    }

    private void MountProc()
    {
        if (Target("/proc") is not { } target)
            return;
        if (facts.PidNamespace)
            _actions.Add(new MountAction(MountKind.Proc, target));
        else
            _actions.Add(new MountAction(MountKind.Bind, target) { Source = "/proc" });
        // The host's is looked at in its stead: what they have in common does not depend on the process tree.
        _view.Mount(new TreeLayer(target, LayerPurpose.Data, host, "/proc"));
        foreach (string name in facts.IsRoot ? ProtectedFromRoot : [])
        {
            if (!host.Look($"/proc/{name}").Exists)
                continue;
            string path = $"{target}/{name}";
            _actions.Add(new MountAction(MountKind.Bind, path) { Source = path, Origin = MountOrigin.Inside });
            _actions.Add(new MountAction(MountKind.Seal, path) { Flags = NoSuidNoDev | Mounts.MS_NOEXEC });
        }
    }

    /// <summary>A sysfs of our own needs a network namespace of our own, so it is the host's, read-only.</summary>
    private void MountSys()
    {
        if (!host.Look("/sys").Exists || Target("/sys") is not { } target)
            return;
        _view.Mount(new TreeLayer(target, LayerPurpose.Data, host, "/sys"));
        BindTree(target, "/sys", readOnly: true);
    }

    /// <summary>The least that programs expect. Other devices are binds, one by one.</summary>
    private void MountDev()
    {
        if (Target("/dev") is not { } dev)
            return;
        AddTmpfs(dev, "mode=0755", Mounts.MS_NOSUID | Mounts.MS_NOEXEC);
        foreach (string name in Devices.Where(name => host.Look($"/dev/{name}").Exists))
            BindDevice($"{dev}/{name}", $"/dev/{name}");
        MakeLink($"{dev}/fd", "/proc/self/fd");
        MakeLink($"{dev}/stdin", "/proc/self/fd/0");
        MakeLink($"{dev}/stdout", "/proc/self/fd/1");
        MakeLink($"{dev}/stderr", "/proc/self/fd/2");
        MakeLink($"{dev}/ptmx", "pts/ptmx");
        Make($"{dev}/pts", folder: true);
        _actions.Add(new MountAction(MountKind.Devpts, $"{dev}/pts"));
        _view.Mount(new TreeLayer($"{dev}/pts", LayerPurpose.Data, host, "/dev/pts"));
        // ttyname(3) looks for the terminal's device in /dev, and a fresh devpts does not have it.
        if (facts.Terminal is { } terminal && host.Look(terminal).Exists)
            BindDevice($"{dev}/console", terminal);
        ShareMemory(dev);
        _scratch.Add(dev);
    }

    /// <summary>Ranks of an MPI job on one node talk through the host's /dev/shm.</summary>
    private void ShareMemory(string dev)
    {
        Make($"{dev}/shm", folder: true);
        if (host.Look("/dev/shm").Kind == FileKind.Folder)
            BindData($"{dev}/shm", "/dev/shm");
        else
            AddTmpfs($"{dev}/shm", "mode=1777", NoSuidNoDev);
        if (host.Look("/dev/mqueue").Kind != FileKind.Folder)
            return;
        Make($"{dev}/mqueue", folder: true);
        BindData($"{dev}/mqueue", "/dev/mqueue");
    }

    /// <summary>The host's root has been made read-only with all that is below it; these must not be.</summary>
    private void KeepHostWritable()
    {
        foreach (string path in HostWritable)
        {
            if (!_asked.Contains(path) && host.Look(path).Kind == FileKind.Folder)
                BindData(path, path);
        }
    }

    private void BindDevice(string target, string source)
    {
        Make(target, folder: false);
        BindData(target, source);
    }

    private void BindData(string target, string source)
    {
        _view.Mount(new TreeLayer(target, LayerPurpose.Data, host, source));
        _actions.Add(new MountAction(MountKind.Bind, target) { Source = source });
    }

    /// <param name="required">Made where the image lacks it; otherwise left out.</param>
    private void MountScratch(string path, string options, bool required)
    {
        if (!required && _view.Resolve(path).Node.Kind != FileKind.Folder)
            return;
        if (Target(path) is { } target)
            AddTmpfs(target, options, NoSuidNoDev);
    }

    /// <summary>Null when the user has asked for something else there, or the plan must be made again.</summary>
    private string? Target(string path) =>
        _asked.Contains(_view.Resolve(path).Path) ? null : EnsureTarget(path, folder: true, "mount");
}
