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
        var (earlier, later) = (before.Entries, after.Entries);
        for (int at = 0, next = 0; at < earlier.Count || next < later.Count;)
        {
            int order = at == earlier.Count ? 1 : next == later.Count ? -1 : string.CompareOrdinal(earlier[at].Path, later[next].Path);
            if (order < 0 && !after.IsTruncated)
            {
                changes.Add(new ScanChange(FileChange.Deleted, earlier[at], null));
            }
            else if (order > 0 && (!before.IsTruncated || IsSince(later[next].Changed, startedAt)))
            {
                changes.Add(new ScanChange(FileChange.Created, null, later[next]));
            }
            else if (order == 0 && IsChanged(earlier[at], later[next]))
            {
                changes.Add(new ScanChange(FileChange.Changed, earlier[at], later[next]));
            }

            at += order <= 0 ? 1 : 0;
            next += order >= 0 ? 1 : 0;
        }

        return changes;
    }

    private static bool IsChanged(ScannedEntry before, ScannedEntry after)
    {
        if (ReferenceEquals(before, after))
        {
            return false;
        }

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
