namespace Provenance.Runtime.Sandbox;

/// <summary>A copy of an unpacked image that a job may change, removed when it is disposed of.</summary>
/// <remarks>Hard links become files of their own, and times are those of the copy: it is a last resort.</remarks>
internal sealed class TreeCopy : IDisposable
{
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private TreeCopy(string root) => Root = root;

    /// <summary>Absolute path of the copied root.</summary>
    public string Root { get; }

    /// <param name="folder">Existing folder on the host to make the copy in.</param>
    public static TreeCopy Make(string source, string folder)
    {
        string root = Path.Combine(Path.GetFullPath(folder), $"root-{Environment.ProcessId}");
        var copy = new TreeCopy(root);
        try
        {
            CopyFolder(source, root);
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

    private static void CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target, OwnerAll);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            string to = Path.Combine(target, entry.Name);
            var node = FileStatus.Look(entry.FullName);
            if (node.Kind == FileKind.Link)
                File.CreateSymbolicLink(to, node.Target!);
            else if (node.Kind == FileKind.Folder)
                CopyFolder(entry.FullName, to);
            else if (node.Kind == FileKind.File)
                File.Copy(entry.FullName, to);
        }
        File.SetUnixFileMode(target, File.GetUnixFileMode(source) | OwnerAll);
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
