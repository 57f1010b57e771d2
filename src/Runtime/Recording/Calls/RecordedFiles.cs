using Provenance.Archive.Content;
using Provenance.Archive.Records;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Puts what a job's calls tell and what two listings of the mounted folders show into the words of a record. Reads nothing itself.</summary>
/// <param name="before">When the job began.</param>
/// <param name="changes">Until it had ended, in order.</param>
/// <param name="log">What it did.</param>
/// <param name="places">Where paths belong.</param>
/// <param name="declared">Files that were read before the job began, whether it read them or not.</param>
internal sealed class RecordedFiles(
    FolderScan before,
    IReadOnlyList<ScanChange> changes,
    CallLog log,
    PathPlaces places,
    IReadOnlyDictionary<string, HashedFile> declared)
{
    public const string NotRead = "was not read";
    private const string Disturbed = "changed during the run";
    private const string Gone = "was gone when the job had ended";
    private const string Kernels = "belongs to the kernel";
    private const string Unlisted = "is none of the image's files";

    /// <summary>A file with two names changes under both when it is written to under one.</summary>
    private readonly HashSet<(ulong FileSystem, ulong Inode)> _changedFiles = log.Paths.Values
        .Where(touched => touched is { Stood: true, IsChanged: true })
        .Select(touched => (touched.Identity.FileSystem, touched.Identity.Inode))
        .ToHashSet();

    /// <summary>Of files that the job read under one of their names, what stood there when it began.</summary>
    private readonly Lazy<ILookup<FileIdentity, TouchedPath>> _readAsListed = new(() => log.Paths.Values
        .Where(touched => touched.HasDigests && before.HasOtherName(touched.Path))
        .ToLookup(touched => touched.Identity));

    private HashSet<string>? _disturbed;
    private HashSet<(ulong FileSystem, ulong Inode)>? _made;

    /// <summary>What the job changed, in order; what was created counts as its own even where no call explains it.</summary>
    public IEnumerable<ScanChange> Changes => changes.Where(IsOurs);

    /// <summary>Paths that something else than the job changed.</summary>
    public IReadOnlySet<string> DisturbedPaths => _disturbed ??= changes.Where(change => !IsOurs(change) && !IsMadeElsewhere(change))
        .Select(change => change.Path)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>New files in writable folders that no call of the job's made.</summary>
    public IEnumerable<string> Unexplained => Changes
        .Where(change => change.Change == FileChange.Created && !Explains(change))
        .Select(change => change.Path);

    /// <summary>Files whose content the job had to do with, in order, whether a listing shows them or not.</summary>
    public IEnumerable<TouchedPath> Read =>
        log.Paths.Values.Where(touched => touched.Stood && touched.Use != FileUse.Present && !IsMadeElsewhere(touched));

    /// <summary>Files that the job made by a call, under the path at which it could. What somebody else put there meanwhile is none.</summary>
    private HashSet<(ulong FileSystem, ulong Inode)> Made => _made ??= changes
        .Where(change => change.Change == FileChange.Created && IsOurs(change) && Explains(change))
        .Select(change => (change.After!.FileSystem, change.After.Inode))
        .ToHashSet();

    /// <summary>What the job made, or changed outside the mounted folders, and what nobody finds any more.</summary>
    public IReadOnlyList<TouchedPath> Temporary()
    {
        var left = changes.Where(change => change.After is not null).Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. log.Paths.Values.Where(touched => touched.IsWritten && !left.Contains(touched.Path) && IsGone(touched))
                .OrderBy(touched => touched.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>Every file the job could read in the mounted folders, and every other it did read: in order, one by one.</summary>
    /// <param name="known">Digests of files that nobody had to read for this: the image's and those put over them.</param>
    public IEnumerable<UsedFile> Used(IReadOnlyDictionary<string, DigestSet> known)
    {
        var others = Read.Where(touched => before.Find(touched.Path) is null && IsWorthALine(touched))
            .OrderBy(touched => touched.Path, StringComparer.Ordinal)
            .ToList();
        int next = 0;
        foreach (var entry in before.Entries)
        {
            for (; next < others.Count && string.CompareOrdinal(others[next].Path, entry.Path) < 0; next++)
            {
                yield return Describe(others[next], known);
            }

            yield return Describe(entry);
        }

        for (; next < others.Count; next++)
        {
            yield return Describe(others[next], known);
        }
    }

    /// <summary>As a record has something temporary.</summary>
    public static GeneratedFile Describe(TouchedPath touched) => new()
    {
        Path = touched.Path,
        Kind = touched.Kind,
        Change = touched.Stood ? FileChange.Changed : FileChange.Created,
        Size = 0,
        NotHashed = touched.Kind == FileKind.File ? Gone : null,
        Kept = false,
        Class = FileClass.Temporary,
    };

    /// <summary>Where a folder is mounted twice, writable and not, what the job makes in the one appears in the other.</summary>
    private bool IsMadeElsewhere(ScanChange change) =>
        change is { Change: FileChange.Created, After: { } made } && Made.Contains((made.FileSystem, made.Inode));

    private bool IsMadeElsewhere(TouchedPath touched) => Made.Contains((touched.Identity.FileSystem, touched.Identity.Inode))
        && places.IsListed(touched.Path) && before.Find(touched.Path) is null;

    private bool IsOurs(ScanChange change) => places.MountOf(change.Path) is { ReadOnly: false }
        && (change.Change == FileChange.Created || !log.IsWhole || Explains(change));

    private bool Explains(ScanChange change) =>
        (log.Paths.TryGetValue(change.Path, out var touched) && (touched.IsChanged || (change.IsOfAttributes && IsOpened(touched))))
        || (change.Before is { Kind: FileKind.File } file && _changedFiles.Contains((file.FileSystem, file.Inode)))
        || log.Moved.Covers(change.Path);

    /// <summary>fchmod(2), fchown(2) and fsetxattr(2) do with a descriptor for reading, and are not seen.</summary>
    private static bool IsOpened(TouchedPath touched) => (touched.Access & FileAccess.Read) != 0;

    /// <summary>What is only written to below /proc or /dev is an order to the kernel.</summary>
    private bool IsWorthALine(TouchedPath touched) => touched.Kind is FileKind.File or FileKind.Device
        && (touched.Use != FileUse.Extended || places.ClassOfUsed(touched.Path) != FileClass.System);

    private bool IsGone(TouchedPath touched)
    {
        if (places.StandsOnHost(touched.Path))
        {
            return false;
        }

        if (places.IsListed(touched.Path))
        {
            // What stood there before is in the listing of changes, deleted or not.
            return !touched.Stood;
        }

        var place = places.ClassOfUsed(touched.Path);
        return place != FileClass.System || (!touched.Stood && ContainerPath.IsAtOrBelow(touched.Path, "/dev/shm"));
    }

    private UsedFile Describe(ScannedEntry entry)
    {
        var file = new UsedFile
        {
            Path = entry.Path,
            Kind = entry.Kind,
            Mode = entry.OctalMode,
            Size = entry.Size,
            Target = entry.Target,
            Kept = false,
        };
        if (entry.Kind != FileKind.File)
        {
            return file;
        }

        var touched = log.Paths.GetValueOrDefault(entry.Path);
        file = file with
        {
            LinkedTo = before.FirstNameOf(entry.Path),
            Modified = entry.Modified.ToRfc3339(),
            Class = places.ClassOfUsed(entry.Path),
            Use = touched is { Stood: true } ? touched.Use : FileUse.Present,
        };
        file = touched is null ? file with { NotHashed = NotRead }
            : IsChangedUnderAnotherName(entry, touched) ? WithContentAsListed(file with { WriteAccess = WriteAccessOf(touched) }, entry)
            : WithContent(file with { WriteAccess = WriteAccessOf(touched) }, touched);
        return file.NotHashed == NotRead && declared.TryGetValue(entry.Path, out var known)
            ? file with { Digest = known.Digest, NotHashed = known.NotHashed, Kept = known.Kept }
            : file;
    }

    private UsedFile Describe(TouchedPath touched, IReadOnlyDictionary<string, DigestSet> known)
    {
        var place = places.ClassOfUsed(touched.Path);
        var file = new UsedFile
        {
            Path = touched.Path,
            Kind = touched.Kind,
            Mode = touched.OctalMode,
            Size = touched.Kind == FileKind.File ? touched.Identity.Size : 0,
            Kept = false,
            Use = touched.Use,
            Class = place,
        };
        if (touched.Kind != FileKind.File)
        {
            return file;
        }

        if (known.TryGetValue(touched.Path, out var digest))
        {
            return file with { Digest = digest };
        }

        return place switch
        {
            FileClass.System => file with { Size = 0, NotHashed = Kernels },
            FileClass.Image or FileClass.Temporary => file with { NotHashed = Unlisted },
            _ => WithContent(file with { Modified = touched.Identity.Modified.ToRfc3339(), WriteAccess = WriteAccessOf(touched) }, touched),
        };
    }

    /// <summary>Said of the few files that somebody used: of a million others it goes without saying.</summary>
    private bool? WriteAccessOf(TouchedPath touched)
    {
        bool isRead = touched.Use is FileUse.Read or FileUse.Executed;
        if (touched is not { Stood: true, Use: not FileUse.Extended } || places.MountOf(touched.Path) is not { ReadOnly: false })
        {
            return null;
        }

        return touched.AskedToChange ? true : isRead && log.IsWhole ? false : null;
    }

    /// <summary>By the time that the job came to this name, it had written to the file under another.</summary>
    private bool IsChangedUnderAnotherName(ScannedEntry entry, TouchedPath touched) => touched.Stood && touched.Identity != entry.Identity
        && _changedFiles.Contains((entry.FileSystem, entry.Inode)) && before.HasOtherName(entry.Path);

    private UsedFile WithContentAsListed(UsedFile file, ScannedEntry entry) => _readAsListed.Value[entry.Identity].FirstOrDefault() is { } read
        ? file with { Digest = PackedDigests.Unpack(read.Digests!), Kept = read.Kept }
        : file with { NotHashed = InputQueue.ChangedByTheJob };

    private UsedFile WithContent(UsedFile file, TouchedPath touched)
    {
        if (touched.Use != FileUse.Present && DisturbedPaths.Contains(file.Path))
        {
            // Whether the job read it before or after, nobody knows.
            return file with { NotHashed = Disturbed };
        }

        if (touched.Digests is not { } packed)
        {
            return file with { NotHashed = touched.NotHashed ?? NotRead };
        }

        // What the job saw may be longer than what the listing saw before it.
        return file with
        {
            Size = touched.Identity.Size,
            Digest = PackedDigests.Unpack(packed),
            Kept = touched.Kept,
        };
    }
}
