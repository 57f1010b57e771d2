using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;

namespace Provenance.Runtime.Capturing;

/// <summary>The folders and links on the way to the user's files in folders that nobody listed: a replay has to make them.</summary>
/// <param name="mounts">The folders.</param>
internal sealed class UserPlaces(IReadOnlyList<Mount> mounts)
{
    /// <summary>Puts them among what was used.</summary>
    /// <param name="used">In order of the paths.</param>
    /// <param name="files">The user's files.</param>
    /// <param name="links">The user's links.</param>
    /// <param name="changes">A folder that the job made was not there before.</param>
    public IEnumerable<UsedFile> AddTo(
        IEnumerable<UsedFile> used, IEnumerable<string> files, IReadOnlyCollection<HostStep> links, IReadOnlyList<ScanChange> changes)
    {
        var added = new SortedDictionary<string, UsedFile>(StringComparer.Ordinal);
        var made = changes.Where(change => change.Before is null).Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        using (var host = new HostPaths())
        {
            foreach (string folder in files.SelectMany(Between).Where(folder => !made.Contains(folder)))
            {
                if (host.Look(folder) is var (status, _) && status.IsFolder)
                {
                    added[folder] = Describe(folder, FileKind.Folder, status, null);
                }
            }
        }

        foreach (var link in links.Where(link => IsMounted(link.Path) && !made.Contains(link.Path)))
        {
            added[link.Path] = Describe(link.Path, FileKind.Link, link.Status, link.Target);
        }

        return Merge(used, added);
    }

    private static IEnumerable<UsedFile> Merge(IEnumerable<UsedFile> used, SortedDictionary<string, UsedFile> added)
    {
        using var others = added.Values.GetEnumerator();
        bool more = others.MoveNext();
        foreach (var file in used)
        {
            for (; more && string.CompareOrdinal(others.Current.Path, file.Path) < 0; more = others.MoveNext())
            {
                yield return others.Current;
            }

            if (more && others.Current.Path == file.Path)
            {
                more = others.MoveNext();
            }

            yield return file;
        }

        for (; more; more = others.MoveNext())
        {
            yield return others.Current;
        }
    }

    private bool IsMounted(string path) => mounts.Any(mount => ContainerPath.IsAtOrBelow(path, mount.Destination));

    /// <summary>The folders above a file and below the mount that it is in.</summary>
    private IEnumerable<string> Between(string path)
    {
        var mount = mounts.FirstOrDefault(mount => !mount.IsFile && ContainerPath.IsAtOrBelow(path, mount.Destination));
        int shortest = mount?.Destination.Length ?? int.MaxValue;
        for (string? at = Path.GetDirectoryName(path); at is not null && at.Length > shortest; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static UsedFile Describe(string path, FileKind kind, FileStatus status, string? target) => new()
    {
        Path = path,
        Kind = kind,
        Mode = Convert.ToString(status.Mode, 8).PadLeft(4, '0'),
        Size = 0,
        Target = target,
        Kept = false,
    };
}
