using System.Globalization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Care;

/// <summary>Where repair puts what is damaged, under the path that it had: nothing is deleted, for a person may get more out of it than we.</summary>
internal sealed class Quarantine(StoreLayout layout, FolderSync sync)
{
    /// <summary>Takes a file away from its name. That the name is gone is made durable by whoever gives it to another.</summary>
    /// <returns>Where it is now, below the archive's folder; null when there was none.</returns>
    public string? SetAside(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string aside = FirstFree(Path.Combine(layout.Quarantine, Path.GetRelativePath(layout.Root, path)));
        CreateDurably(Path.GetDirectoryName(aside)!);
        try
        {
            File.Move(path, aside);
        }
        catch (FileNotFoundException)
        {
            return null; // a process that writes the same has replaced or removed it
        }

        sync(Path.GetDirectoryName(aside)!);
        return Path.GetRelativePath(layout.Root, aside);
    }

    /// <summary>As <see cref="SetAside"/>, but the file keeps its name until another replaces it. For small ones.</summary>
    /// <returns>Where the copy is, below the archive's folder; null when there was none.</returns>
    public string? Keep(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            string aside = FirstFree(Path.Combine(layout.Quarantine, Path.GetRelativePath(layout.Root, path)));
            CreateDurably(Path.GetDirectoryName(aside)!);
            AtomicFile.Write(aside, bytes, sync);
            return Path.GetRelativePath(layout.Root, aside);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (File.Exists(path) && e is IOException or UnauthorizedAccessException)
        {
            return SetAside(path); // the disk does not give it any more
        }
    }

    /// <summary>A second one under the same path has a number behind it.</summary>
    private static string FirstFree(string path)
    {
        string free = path;
        for (int number = 1; Path.Exists(free); number++)
        {
            free = $"{path}.{number.ToString(CultureInfo.InvariantCulture)}";
        }

        return free;
    }

    private void CreateDurably(string folder)
    {
        if (!Directory.Exists(folder))
        {
            string parent = Path.GetDirectoryName(folder)!;
            CreateDurably(parent);
            Directory.CreateDirectory(folder);
            sync(parent);
        }
    }
}
