using Provenance.Archive.Records;
using Provenance.Runtime.Recording;

namespace Provenance.Runtime.Capturing;

/// <summary>Finds the folders of the host, other than those that were mounted, that a replay has to lay out for a job that ran on the host.</summary>
/// <remarks>
/// A folder is one that a used or changed file of the user's lies in, unless another found one holds it already. None of them hides a
/// file of the image, or all of a system: where that cannot be, the file itself is mounted; one that the job made there cannot be.
/// </remarks>
/// <param name="mounts">What is known already.</param>
/// <param name="packed">Absolute paths of what is in the image.</param>
internal sealed class HostFolders(IReadOnlyList<Mount> mounts, IEnumerable<string> packed)
{
    /// <summary>More folders than these are taken together, to those that they lie in.</summary>
    private const int MaxFolders = 64;

    /// <summary>Folders at the root hold what belongs to nobody; and <c>/tmp</c> everybody's.</summary>
    private const int LeastDepth = 1;

    private readonly HashSet<string> _occupied = packed.SelectMany(Above).ToHashSet(StringComparer.Ordinal);

    /// <summary>Files that the job made where nothing can be mounted.</summary>
    public SortedSet<string> Unplaced { get; } = new(StringComparer.Ordinal);

    /// <param name="files">Absolute, each with whether it stood there when the job began, and whether the job has changed it.</param>
    public IReadOnlyList<Mount> Find(IEnumerable<(string Name, bool Stood, bool IsChanged)> files)
    {
        var folders = new Dictionary<string, bool>(StringComparer.Ordinal);
        var single = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (path, stood, isChanged) in files.Where(file => !mounts.Any(mount => ContainerPath.IsAtOrBelow(file.Name, mount.Destination))))
        {
            string folder = Path.GetDirectoryName(path) ?? "/";
            if (CanMount(folder))
            {
                folders[folder] = folders.GetValueOrDefault(folder) || isChanged;
            }
            else if (stood)
            {
                single[path] = isChanged;
            }
            else
            {
                Unplaced.Add(path);
            }
        }

        return
        [
            .. Merge(folders).Select(folder => Describe(folder.Key, isFile: false, folder.Value)),
            .. single.Select(file => Describe(file.Key, isFile: true, file.Value)),
        ];
    }

    private bool CanMount(string folder) => WorkingFolder.ReasonNotToMount(folder) is null && !_occupied.Contains(folder);

    private Dictionary<string, bool> Merge(Dictionary<string, bool> folders)
    {
        var merged = Outermost(folders);
        while (merged.Count > MaxFolders)
        {
            int deepest = merged.Keys.Max(Depth);
            var parents = merged.Where(folder => Depth(folder.Key) == deepest && deepest > LeastDepth
                && CanMount(Path.GetDirectoryName(folder.Key)!)).ToList();
            if (parents.Count == 0)
            {
                break;
            }

            foreach (var (folder, isChanged) in parents)
            {
                merged.Remove(folder);
                string parent = Path.GetDirectoryName(folder)!;
                merged[parent] = merged.GetValueOrDefault(parent) || isChanged;
            }

            merged = Outermost(merged);
        }

        return merged;
    }

    private static Dictionary<string, bool> Outermost(Dictionary<string, bool> folders)
    {
        var kept = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (folder, isChanged) in folders.OrderBy(folder => folder.Key.Length))
        {
            string? outer = Above(folder).FirstOrDefault(kept.ContainsKey);
            kept[outer ?? folder] = isChanged || (outer is not null && kept[outer]);
        }

        return kept;
    }

    private static Mount Describe(string path, bool isFile, bool isChanged) => new()
    {
        Kind = "bind",
        Source = path,
        Destination = path,
        ReadOnly = !isChanged,
        Purpose = "host",
        IsFile = isFile,
    };

    private static int Depth(string folder) => folder.Count(c => c == '/');

    /// <summary>A path and all folders above it, but for the root.</summary>
    private static IEnumerable<string> Above(string path)
    {
        for (string? at = path; at is { Length: > 1 }; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }
}
