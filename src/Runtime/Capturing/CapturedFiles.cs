using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;

namespace Provenance.Runtime.Capturing;

/// <summary>The files of the host that become an image: collected by the paths that were used, then given as a tar.</summary>
/// <remarks>
/// The same files give the same bytes, whoever packs them: owners are 0, access that somebody has everybody has, set-id bits and
/// extended attributes are left out. Times of files and links are kept, for Python's .pyc; a folder has that of the newest thing packed in it.
/// </remarks>
internal sealed class CapturedFiles(HostPaths host, CaptureClassifier classifier)
{
    private const int Readable = 0b100_100_100, Executable = 0b001_001_001, SetIds = 0b110_000_000_000;

    /// <summary>Sentences on files of one kind, before the others are counted.</summary>
    private const int MaxNotes = 20;

    private readonly Dictionary<string, PackedEntry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _notes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HostStep> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _private = new(StringComparer.Ordinal);

    /// <summary>Absolute paths of all files and links that are packed.</summary>
    public IEnumerable<string> Paths => _entries.Where(entry => !entry.Value.Status.IsFolder).Select(entry => entry.Key);

    /// <summary>Links of the user's through which the job went.</summary>
    public IReadOnlyCollection<HostStep> UsersLinks => _links.Values;

    /// <summary>Files that the job used and that are never packed.</summary>
    public IReadOnlyCollection<string> Private => _private;

    /// <summary>Plain sentences on what is not packed as the job used it.</summary>
    public IReadOnlyList<string> Notes =>
    [
        .. _notes.Take(MaxNotes).Select(note => $"'{note.Key}' {note.Value}"),
        .. _notes.Count > MaxNotes ? (string[])[$"{_notes.Count - MaxNotes} more files of the system that are not in the image as the job used them"] : [],
    ];

    /// <summary>Adds what the job used, by every name it used, and what goes with it.</summary>
    public void Add(UsedPath used)
    {
        if (classifier.Classify(used.Path) == CapturePlace.Image)
        {
            Compare(used);
        }

        Follow(used.Path);
        foreach (string name in used.Names)
        {
            Follow(name);
        }
    }

    /// <summary>Adds a file by its name with every link on the way, if it is there and belongs into an image.</summary>
    public void Follow(string name)
    {
        foreach (var step in host.Trace(name))
        {
            switch (classifier.Classify(step.Path))
            {
                case CapturePlace.Image:
                    AddWithCompanions(step);
                    break;
                case CapturePlace.Input when step.Status.IsLink:
                    _links[step.Path] = step;
                    break;
                case CapturePlace.Private when !step.Status.IsFolder:
                    _private.Add(step.Path);
                    break;
            }
        }
    }

    /// <summary>Leaves a file out after all.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="reason">What is the matter with it.</param>
    public void Drop(string path, string reason)
    {
        _entries.Remove(path);
        _notes[path] = reason;
    }

    /// <summary>The tar; its files are read as it is.</summary>
    public Stream Pack()
    {
        MakeFolders();
        var entries = _entries.Values.OrderBy(entry => entry.SortKey, ByteOrder).ToList();
        HardLinks.Mark(entries);
        return new FolderTarStream(Files.OpenFolder("/"), "/", entries);
    }

    private static IComparer<byte[]> ByteOrder { get; } =
        Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private void AddWithCompanions(HostStep step)
    {
        if (!TryAdd(step))
        {
            return;
        }

        foreach (string companion in Companions.Of(step.Path))
        {
            if (host.Look(companion) is var (status, target) && classifier.Classify(companion) == CapturePlace.Image)
            {
                TryAdd(new HostStep(companion, status, target));
            }
        }
    }

    /// <summary>False when it is there already, or cannot be packed.</summary>
    private bool TryAdd(HostStep step)
    {
        var status = step.Status;
        if (step.Path == "/" || _entries.ContainsKey(step.Path) || !(status.IsFile || status.IsFolder || status.IsLink))
        {
            return false;
        }

        if (status.IsFile && !Files.MayAccess(host.Root, step.Path[1..], Files.R_OK))
        {
            _notes[step.Path] = "is not ours to read";
            return false;
        }

        _entries.Add(step.Path, Entry(step.Path, status, step.Target));
        return true;
    }

    private void Compare(UsedPath used)
    {
        if (host.Look(used.Path) is not var (now, _))
        {
            _notes[used.Path] = "was gone when the job had ended";
        }
        else if (used.IsWritten)
        {
            _notes[used.Path] = "was changed by the job: the image has it as it is now";
        }
        else if (now.IsFile && (now.Inode, now.Size, now.Modified, now.Changed)
            != (used.Before.Inode, used.Before.Size, used.Before.Modified, used.Before.Changed))
        {
            _notes[used.Path] = "changed while the job ran: the image has it as it is now";
        }
    }

    /// <summary>The folders that everything lies in, and those that a container is given files in.</summary>
    private void MakeFolders()
    {
        foreach (string path in (string[])[.. _entries.Keys, "/etc/x"])
        {
            for (string? folder = Path.GetDirectoryName(path); folder is { Length: > 0 }; folder = Path.GetDirectoryName(folder))
            {
                if (!_entries.ContainsKey(folder) && StatusOf(folder) is { } status)
                {
                    _entries.Add(folder, Entry(folder, status, null));
                }
            }
        }

        var newest = _entries.Values.Where(entry => !entry.Status.IsFolder)
            .GroupBy(entry => Path.GetDirectoryName("/" + entry.Path)!, entry => entry.Status.Modified)
            .ToDictionary(times => times.Key, times => times.MaxBy(time => (time.Seconds, time.Nanoseconds)), StringComparer.Ordinal);
        foreach (var (path, entry) in _entries.Where(entry => entry.Value.Status.IsFolder).ToList())
        {
            _entries[path] = Entry(path, entry.Status with { Modified = newest.GetValueOrDefault(path) }, null);
        }
    }

    private FileStatus? StatusOf(string folder) => folder == "/" ? Files.Status(host.Root) : host.Look(folder)?.Status;

    private static PackedEntry Entry(string path, FileStatus status, string? target)
    {
        int shared = status.IsLink ? 0 : Readable | (status.IsFolder || (status.Mode & Executable) != 0 ? Executable : 0);
        return new PackedEntry
        {
            Path = path[1..],
            Status = status with { Owner = 0, Group = 0, Mode = (status.Mode & ~SetIds) | shared },
            Target = target,
            IsPlain = true,
        };
    }
}
