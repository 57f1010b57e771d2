using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>A copy of an unpacked image that a job may change, removed when it is disposed of.</summary>
/// <remarks>Hard links become files of their own, and times are those of the copy: it is a last resort.</remarks>
internal sealed class TreeCopy : IDisposable
{
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Enter = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private TreeCopy(string root) => Root = root;

    /// <summary>Absolute path of the copied root.</summary>
    public string Root { get; }

    /// <param name="folder">Existing folder on the host to make the copy in.</param>
    public static TreeCopy Make(string source, string folder)
    {
        var copy = new TreeCopy(MakeRoot(Path.GetFullPath(folder)));
        try
        {
            FillFolder(source, copy.Root);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
        return copy;
    }

    /// <summary>overlayfs leaves a folder in its work folder that not even its owner can enter, so nobody could remove it.</summary>
    public static void TidyOverlay(string upperFolder)
    {
        string left = Path.Combine(upperFolder, "work", "work");
        if (Directory.Exists(left))
            Remove(left);
    }

    public void Dispose()
    {
        if (Directory.Exists(Root))
            Remove(Root);
    }

    /// <summary>One of our own: what stands there already, in a folder that others may write to, is somebody else's.</summary>
    private static string MakeRoot(string folder)
    {
        using var parent = Files.OpenFolder(folder);
        for (int number = 1; ; number++)
        {
            string name = $"root-{Environment.ProcessId}-{number}";
            var error = Files.TryMakeFolder(parent, name, (int)OwnerAll);
            if (error == Errno.None)
                return Path.Combine(folder, name);
            if (error != Errno.EEXIST)
                throw new SyscallException("mkdir", Path.Combine(folder, name), error);
        }
    }

    private static void CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target, OwnerAll);
        WithAccess(source, Enter, _ => FillFolder(source, target));
    }

    private static void FillFolder(string source, string target)
    {
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            string to = Path.Combine(target, entry.Name);
            var node = FileStatus.Look(entry.FullName);
            if (node.Kind == FileKind.Link)
                File.CreateSymbolicLink(to, node.Target!);
            else if (node.Kind == FileKind.Folder)
                CopyFolder(entry.FullName, to);
            else if (node.Kind == FileKind.File)
                CopyFile(entry.FullName, to);
        }
        File.SetUnixFileMode(target, File.GetUnixFileMode(source) | OwnerAll);
    }

    private static void CopyFile(string source, string target) => WithAccess(source, UnixFileMode.UserRead, mode =>
    {
        File.Copy(source, target);
        File.SetUnixFileMode(target, mode);
    });

    /// <summary>An image has files and folders that not even their owner may read; he may let himself, for as long as it takes.</summary>
    private static void WithAccess(string path, UnixFileMode needed, Action<UnixFileMode> act)
    {
        var mode = File.GetUnixFileMode(path);
        bool isOpened = (mode & needed) != needed && Identity.EffectiveUid != 0;
        if (isOpened)
            File.SetUnixFileMode(path, mode | needed);
        try
        {
            act(mode);
        }
        finally
        {
            if (isOpened)
                File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>The job may have made folders that not even their owner can enter.</summary>
    private static void Remove(string folder)
    {
        File.SetUnixFileMode(folder, OwnerAll);
        foreach (string path in Directory.EnumerateFileSystemEntries(folder))
        {
            if (FileStatus.Look(path).Kind == FileKind.Folder)
                Remove(path);
            else
                File.Delete(path);
        }
        Directory.Delete(folder);
    }
}
