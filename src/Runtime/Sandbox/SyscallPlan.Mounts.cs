using Provenance.Runtime.Native;
using static Provenance.Runtime.Native.Mounts;

namespace Provenance.Runtime.Sandbox;

/// <summary>The mounts.</summary>
internal sealed partial class SyscallPlan
{
    private const string Host = "/o", Inside = "/n", Image = "/r";
    private const long FolderMode = 0x1ED, FileMode = 0x1A4;

    private int _contents;

    /// <summary>Makes a tmpfs the root, with the host's root below it at /o.</summary>
    private void AddScratchRoot(string place)
    {
        // Not private: what the host unmounts, such as an automounted folder, must not be held by us.
        Add(Mount("/", null, "/", null, MS_REC | MS_SLAVE, null));
        Add(Mount(place, "tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"));
        foreach (string folder in new[] { Host, Inside, Image })
            Add(new SyscallStep(Syscall.Mkdirat, folder, Libc.AT_FDCWD, place + folder, FolderMode));
        var atRoot = new SyscallStep(Syscall.Chdir, "/", "/");
        // pivot_root(2): EINVAL when the root is the initramfs, as on diskless nodes. Then the tmpfs is moved over it.
        var bindHost = Mount("/", "/", place + Host, null, MS_BIND | MS_REC, null);
        Add(
            new SyscallStep(Syscall.PivotRoot, place, place, place + Host) { OnSuccess = atRoot, OnError = bindHost },
            bindHost,
            new SyscallStep(Syscall.Chdir, place, place),
            Mount("/", ".", "/", null, MS_MOVE, null),
            new SyscallStep(Syscall.Chroot, place, "."),
            atRoot);
        if (!_mounts.UsesSealedImage)
            return;
        string image = _mounts.Actions[0].Source!;
        Add(Mount("/", Host + image, Image, null, MS_BIND | MS_REC, null));
        Add(Seal("/", Image, _mounts.Actions[1]));
    }

    private void AddMount(MountAction action)
    {
        string target = Inside + action.Target;
        switch (action.Kind)
        {
            case MountKind.Bind:
                Add(Mount(action.Target, SourceOf(action), target, null, MS_BIND | MS_REC, null));
                break;
            case MountKind.Tmpfs:
                Add(Mount(action.Target, "tmpfs", target, "tmpfs", action.Flags, action.Text));
                break;
            case MountKind.Seal:
                Add(Seal(action.Target, target, action));
                break;
            case MountKind.Proc:
                var proc = Mount(action.Target, "proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, null);
                _procSteps.Add(proc);
                Add(proc);
                break;
            case MountKind.Devpts:
                AddDevpts(action, target);
                break;
            case MountKind.Overlay:
                AddOverlay(action, target);
                break;
            case MountKind.Folder:
                Add(new SyscallStep(Syscall.Mkdirat, action.Target, Libc.AT_FDCWD, target, FolderMode));
                break;
            case MountKind.File:
                Add(new SyscallStep(Syscall.Mknodat, action.Target, Libc.AT_FDCWD, target, Stat.S_IFREG | FileMode, 0));
                break;
            case MountKind.Link:
                Add(new SyscallStep(Syscall.Symlinkat, action.Target, action.Text!, Libc.AT_FDCWD, target));
                break;
            case MountKind.Content:
                AddContent(action, target);
                break;
        }
    }

    private static string SourceOf(MountAction action) => action.Origin switch
    {
        MountOrigin.SealedImage => Image + action.Source,
        MountOrigin.Inside => Inside + action.Source,
        _ => Host + action.Source,
    };

    /// <summary>The file is left open until the exec: closing it would be one more call.</summary>
    private void AddContent(MountAction action, string target)
    {
        string file = $"/f{_contents++}";
        byte[] content = action.Content.ToArray();
        var write = new SyscallStep(Syscall.Write, action.Target, 0, content, content.Length);
        Add(
            new SyscallStep(
                Syscall.Openat, action.Target, Libc.AT_FDCWD, file,
                Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY | Libc.O_CLOEXEC, FileMode)
            { ResultTo = (write, 0) },
            write,
            Mount(action.Target, file, target, null, MS_BIND, null));
    }

    /// <summary>Kernels before 4.7 want uid 0 mapped for a devpts; the host's is better than none.</summary>
    private void AddDevpts(MountAction action, string target)
    {
        var end = new SyscallStep(Syscall.Chdir, "/", "/");
        var host = new SyscallStep(
            Syscall.Mount, action.Target, $"{Host}/dev/pts", target, 0, MS_BIND | MS_REC, 0)
        { IgnoreError = true };
        Add(
            new SyscallStep(
                Syscall.Mount, action.Target, "devpts", target, "devpts", MS_NOSUID | MS_NOEXEC,
                "newinstance,ptmxmode=0666,mode=0620")
            { OnSuccess = end, OnError = host },
            host,
            end);
    }

    /// <summary>Mounts an overlay and tries it: on some kernels it is mounted, and then cannot be written to.</summary>
    private void AddOverlay(MountAction action, string target)
    {
        string changes = action.Text is { } given ? Host + given : "/w";
        int first = _steps.Count;
        if (action.Text is null)
        {
            foreach (string folder in new[] { "/w", "/w/upper", "/w/work" })
                Add(new SyscallStep(Syscall.Mkdirat, action.Target, Libc.AT_FDCWD, folder, FolderMode));
        }
        // A volatile overlay skips every sync, and cannot be used again: right for memory, wrong for a folder to keep.
        string options = $"lowerdir={Escape(Host + action.Source)},upperdir={Escape(changes)}/upper," +
            $"workdir={Escape(changes)}/work,userxattr";
        Add(Mount(action.Target, "overlay", target, "overlay", MS_NOSUID | MS_NODEV, options));
        string probe = $"{target}/.prov-self-test";
        Add(
            new SyscallStep(Syscall.Mkdirat, probe, Libc.AT_FDCWD, probe, FolderMode),
            new SyscallStep(Syscall.Mknodat, probe, Libc.AT_FDCWD, $"{probe}/file", Stat.S_IFREG | FileMode, 0),
            new SyscallStep(
                Syscall.Openat, probe, Libc.AT_FDCWD, $"{probe}/file", Libc.O_WRONLY | Libc.O_CLOEXEC, 0),
            new SyscallStep(Syscall.Newfstatat, probe, Libc.AT_FDCWD, $"{probe}/file", new byte[Stat.StructBytes], 0),
            new SyscallStep(Syscall.Unlinkat, probe, Libc.AT_FDCWD, $"{probe}/file", 0),
            new SyscallStep(Syscall.Unlinkat, probe, Libc.AT_FDCWD, probe, Libc.AT_REMOVEDIR));
        if (_mounts.ModifiableFile is { } file)
        {
            // Opening it for writing copies it up, which is what fails on kernels whose overlay does not work here. It may be what is to be run, and
            // execve(2) takes nothing that is open for writing.
            var close = new SyscallStep(Syscall.Close, file, 0);
            Add(
                new SyscallStep(Syscall.Openat, file, Libc.AT_FDCWD, target + file, Libc.O_WRONLY | Libc.O_CLOEXEC, 0) { ResultTo = (close, 0) },
                close);
        }
        _overlaySteps.UnionWith(_steps.Skip(first));
    }

    /// <summary>Leaves the tmpfs for the container's own root, and lets go of the host.</summary>
    private void AddNewRoot() => Add(
        new SyscallStep(Syscall.Chdir, "/", Inside),
        new SyscallStep(Syscall.PivotRoot, "/", ".", "."),
        new SyscallStep(Syscall.Umount2, "/", ".", MNT_DETACH),
        new SyscallStep(Syscall.Chdir, "/", "/"));

    private SyscallStep Seal(string subject, string target, MountAction action)
    {
        if (_facts.Mounts is not null)
            return Mount(subject, null, target, null, MS_REMOUNT | MS_BIND | MS_RDONLY | action.Flags, null);
        // A set-uid bit in an image means nothing, and a device in it must not be one.
        ulong set = MOUNT_ATTR_RDONLY | (subject == "/" ? MOUNT_ATTR_NOSUID : 0)
            | (subject == "/" && _spec.Rootfs != ContainerSpec.HostRoot ? MOUNT_ATTR_NODEV : 0);
        return new SyscallStep(
            Syscall.MountSetattr, subject, Libc.AT_FDCWD, target, action.Recursive ? Libc.AT_RECURSIVE : 0,
            MountAttr(set), MountAttrBytes);
    }

    private static SyscallStep Mount(
        string subject, string? source, string target, string? type, long flags, string? options) => new(
        Syscall.Mount, subject, source is null ? 0 : source, target, type is null ? 0 : type, flags,
        options is null ? 0 : options);

    /// <summary>overlayfs.rst: colons, commas and backslashes in a folder's name are escaped by a backslash.</summary>
    private static string Escape(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
}
