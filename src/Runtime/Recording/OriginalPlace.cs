using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Whether a read-only mount can be shown from its place of today: everything the run saw there, and nothing else.</summary>
internal static class OriginalPlace
{
    /// <param name="place">The mount, with its source of today.</param>
    /// <param name="entries">What the run found in it.</param>
    /// <param name="inputs">The files that were found, by path.</param>
    /// <param name="mounts">All mounts of the run: what they hide does not count.</param>
    public static bool Agrees(
        Mount place,
        IReadOnlyList<UsedFile> entries,
        IReadOnlyDictionary<string, LocatedInput> inputs,
        IReadOnlyList<Mount> mounts)
    {
        if (!Path.Exists(place.Source) || entries.Any(entry => !IsThere(entry, place, inputs)))
        {
            return false;
        }

        var scanner = new MountScanner(entries.Count + 1);
        foreach (var mount in mounts)
        {
            scanner.Exclude(mount.Destination);
        }

        using var opened = MountedFiles.Open(place);
        var scan = scanner.Scan([opened]);
        return scan is { IsTruncated: false, NotSeen.Count: 0 } && scan.Count == entries.Count
            && entries.All(entry => scan.Find(entry.Path) is { } now
                && now.Kind == entry.Kind && now.OctalMode == entry.Mode && now.Target == entry.Target
                && (entry.LinkedTo is not { } first || scan.Find(first) is not { } other || now.Inode == other.Inode));
    }

    private static bool IsThere(UsedFile entry, Mount place, IReadOnlyDictionary<string, LocatedInput> inputs)
    {
        string expected = ContainerPath.Join(place.Source!, ContainerPath.RelativeTo(entry.Path, place.Destination));
        return entry.Kind != FileKind.File || (inputs.TryGetValue(entry.Path, out var input) && input.HostPath == expected);
    }
}
