using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Finds what was created, changed and deleted between two scans.</summary>
internal static class ScanComparison
{
    /// <summary>In ordinal order of the paths.</summary>
    /// <param name="before">May be truncated; then what it lacks counts as created only if it changed since the start.</param>
    /// <param name="after">When truncated, nothing counts as deleted.</param>
    /// <param name="startedAt">When the job started; file times may be behind it by one tick of the kernel.</param>
    public static IReadOnlyList<ScanChange> Compare(FolderScan before, FolderScan after, FileTime startedAt)
    {
        var changes = new List<ScanChange>();
        foreach (var entry in after.Entries)
        {
            if (before.Find(entry.Path) is not { } earlier)
            {
                if (!before.IsTruncated || IsSince(entry.Changed, startedAt))
                {
                    changes.Add(new ScanChange(FileChange.Created, null, entry));
                }
            }
            else if (IsChanged(earlier, entry))
            {
                changes.Add(new ScanChange(FileChange.Changed, earlier, entry));
            }
        }

        if (!after.IsTruncated)
        {
            changes.AddRange(before.Entries.Where(entry => after.Find(entry.Path) is null)
                .Select(entry => new ScanChange(FileChange.Deleted, entry, null)));
        }

        changes.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return changes;
    }

    private static bool IsChanged(ScannedEntry before, ScannedEntry after)
    {
        if (before.Kind != after.Kind || before.Mode != after.Mode || before.Target != after.Target)
        {
            return true;
        }

        // A folder's times and a link's inode change with what is done around them; only a file's tell of its content.
        return before.Kind == FileKind.File
            && (before.Size != after.Size || before.Inode != after.Inode || before.FileSystem != after.FileSystem
                || before.Modified != after.Modified || before.Changed != after.Changed);
    }

    private static bool IsSince(FileTime time, FileTime start) =>
        time.Seconds > start.Seconds || (time.Seconds == start.Seconds && time.Nanoseconds >= start.Nanoseconds);
}
