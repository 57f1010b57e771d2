using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>The host's side of one bind mount. Files in it are opened by descriptor; links are never followed.</summary>
internal sealed class MountedFiles : IDisposable
{
    private readonly SafeFileHandle _folder;

    /// <summary>The name in the folder when the mount is a single file; else null.</summary>
    private readonly string? _fileName;

    private MountedFiles(Mount mount, SafeFileHandle folder, string? fileName)
    {
        Mount = mount;
        _folder = folder;
        _fileName = fileName;
    }

    public Mount Mount { get; }

    /// <summary>The folder's descriptor; for a single file that of the folder it is in.</summary>
    public SafeFileHandle Folder => _folder;

    /// <exception cref="SyscallException">The source cannot be opened.</exception>
    public static MountedFiles Open(Mount mount)
    {
        string source = mount.Source!;
        if (!mount.IsFile)
        {
            return new MountedFiles(mount, Files.OpenFolder(source), null);
        }

        // A bind follows the link that its source may be; here, too, it is the last link that is followed.
        string real = File.ResolveLinkTarget(source, returnFinalTarget: true)?.FullName ?? source;
        return new MountedFiles(mount, Files.OpenFolder(Path.GetDirectoryName(real)!), Path.GetFileName(real));
    }

    /// <summary>Where a path of the container is below <see cref="Folder"/>.</summary>
    public string RelativePath(string containerPath) =>
        _fileName ?? ContainerPath.RelativeTo(containerPath, Mount.Destination);

    /// <summary>Opens a regular file for reading, without waiting for the other end of a fifo that may be there by now.</summary>
    public Errno TryOpen(string containerPath, out SafeFileHandle file) =>
        Files.TryOpenBeneath(_folder, RelativePath(containerPath), Files.O_RDONLY | Files.O_NONBLOCK, out file);

    public void Dispose() => _folder.Dispose();
}
