using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Sandbox;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Runtime.Recording;

/// <summary>The folder a replay works in: a copy of what the run had, so that nothing of the user's is touched.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>Larger files that the run left alone are shown from their place, read-only, in bytes.</summary>
    private const long LargeFileBytes = 16 << 20;

    private const int Private = 0b111_000_000;
    private const int SetIds = 0b110_000_000_000;

    private readonly string _parent;
    private readonly string _name;
    private readonly BlobStore _blobs;

    /// <summary>Set when all else is done: a folder may forbid what is still to be done in it, and a new owner takes set-uid and set-gid away.</summary>
    private readonly List<(string Path, int Mode)> _lateModes = [];

    /// <summary>Files with several names: laid out once.</summary>
    private SharedNames _shared = new([], new Dictionary<string, LocatedInput>());

    /// <summary>Every symbolic link that was made: nothing is laid out through one.</summary>
    private readonly HashSet<string> _links = new(StringComparer.Ordinal);

    private ScratchFolder(string parent, string name, BlobStore blobs)
    {
        _parent = parent;
        _name = name;
        _blobs = blobs;
    }

    public string Path => System.IO.Path.Combine(_parent, _name);

    /// <summary>Leaves the folder when this is disposed of.</summary>
    public bool IsKept { get; set; }

    /// <summary>Plain sentences on what could not be made as it was.</summary>
    public List<string> Notes { get; } = [];

    /// <exception cref="SyscallException">The parent is not there or not writable.</exception>
    public static ScratchFolder Create(string parent, Digest run, BlobStore blobs)
    {
        using var folder = Files.OpenFolder(parent);
        for (int number = 1; ; number++)
        {
            string name = $"prov-replay-{run.Abbreviated}-{number}";
            var error = Files.TryMakeFolder(folder, name, Private);
            if (error == Errno.None)
            {
                return new ScratchFolder(parent, name, blobs);
            }

            if (error != Errno.EEXIST)
            {
                throw new SyscallException("mkdir", System.IO.Path.Combine(parent, name), error);
            }
        }
    }

    /// <summary>Lays everything out as the run found it, for the job's user.</summary>
    /// <param name="run">The recorded run.</param>
    /// <param name="inputs">Its inputs that were found, by path.</param>
    /// <param name="places">Where each recorded mount is now.</param>
    /// <exception cref="RecordingException">It would have to be laid out through a link.</exception>
    public IReadOnlyList<ScratchMount> Fill(
        RecordedRun run, IReadOnlyDictionary<string, LocatedInput> inputs, Func<Mount, Mount> places)
    {
        var mounts = new List<ScratchMount>();
        var recorded = run.Record.Mounts.Where(JobPlanner.IsBind).ToList();
        var changed = run.Generated.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var files = run.Used.ToLookup(file => RecordedPaths.OwnerOf(file.Path, recorded));
        var folders = new Dictionary<Mount, string>();
        _shared = new SharedNames(run.Used, inputs);
        foreach (var (number, mount) in recorded.Index().OrderBy(pair => pair.Item.Source?.Length))
        {
            var entries = files[mount].ToList();
            var place = places(mount);
            if (mount.ReadOnly && !recorded.Any(other => !other.ReadOnly && Overlap(other, mount)) && OriginalPlace.Agrees(place, entries, inputs, recorded))
            {
                mounts.Add(new ScratchMount(place with { ReadOnly = true }, IsOriginal: true));
                continue;
            }

            // What was one folder under two paths is one again, but where a link led from the one to the other: it leads to the originals.
            string? shared = folders.Keys.Where(other => Overlap(other, mount))
                .Select(outer => ContainerPath.Join(folders[outer], ContainerPath.RelativeTo(mount.Source!, outer.Source!)))
                .FirstOrDefault(place => !HasLinkOnTheWayTo(place));
            string folder = shared ?? System.IO.Path.Combine(Path, $"{number}");
            folders[mount] = folder;
            var made = mount with { Source = folder };
            mounts.Add(new ScratchMount(made, IsOriginal: false));
            mounts.AddRange(FillMount(made, entries, inputs, changed));
            MakePlaces(made, run.Record.Mounts);
        }

        GiveTo(run.Record.Invocation.User);
        SetLateModes();
        return mounts;
    }

    /// <summary>Whether one was the other on the host, or lay in it.</summary>
    private static bool Overlap(Mount one, Mount other) => one != other && one is { Source: { } a, IsFile: false } && other is { Source: { } b, IsFile: false }
        && (ContainerPath.IsAtOrBelow(a, b) || ContainerPath.IsAtOrBelow(b, a));

    /// <summary>A bind within a bind needs its place there.</summary>
    private void MakePlaces(Mount made, IEnumerable<Mount> mounts)
    {
        foreach (var inner in mounts.Where(mount => mount.Destination != made.Destination
            && ContainerPath.IsAtOrBelow(mount.Destination, made.Destination)))
        {
            string place = ContainerPath.Join(made.Source!, ContainerPath.RelativeTo(inner.Destination, made.Destination));
            if (HasLinkOnTheWayTo(place))
            {
                continue;
            }

            if (inner.IsFile && !System.IO.Path.Exists(place))
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
                File.Create(place).Dispose();
            }
            else if (!inner.IsFile)
            {
                Directory.CreateDirectory(place);
            }
        }
    }

    public void Dispose()
    {
        if (!IsKept)
        {
            using var parent = Files.OpenFolder(_parent);
            TreeRemoval.Remove(parent, _name);
        }
    }

    /// <returns>The large files that are shown from their place.</returns>
    private List<ScratchMount> FillMount(
        Mount mount, List<UsedFile> entries, IReadOnlyDictionary<string, LocatedInput> inputs, HashSet<string> changed)
    {
        var shown = new List<ScratchMount>();
        if (!mount.IsFile)
        {
            Directory.CreateDirectory(mount.Source!);
        }

        // In ordinal order a folder comes before what is in it.
        foreach (var entry in entries)
        {
            string path = ContainerPath.Join(mount.Source!, ContainerPath.RelativeTo(entry.Path, mount.Destination));
            bool isLaidOut = entry.Kind != FileKind.File || inputs.ContainsKey(entry.Path);
            if (isLaidOut && HasLinkOnTheWayTo(entry.Kind == FileKind.Folder ? path : System.IO.Path.GetDirectoryName(path)!))
            {
                throw new RecordingException($"file '{entry.Path}': under another mount of the same folder, a link stands on the way to it");
            }

            if (entry.Kind == FileKind.File && inputs.TryGetValue(entry.Path, out var input))
            {
                if (!mount.IsFile && !changed.Contains(entry.Path) && input.HostPath is not null && IsShown(entry, mount.ReadOnly))
                {
                    if (!Stands(path))
                    {
                        File.Create(path).Dispose();
                    }

                    shown.Add(Show(entry, input.HostPath!));
                }
                else
                {
                    Copy(input, path, Convert.ToInt32(entry.Mode, 8));
                }
            }
            else if (entry.Kind == FileKind.Folder || (entry.Kind != FileKind.File && !Stands(path)))
            {
                MakeSpecial(entry, path);
            }
        }

        return shown;
    }

    /// <summary>Large, and none of those that the job may have opened for writing.</summary>
    private bool IsShown(UsedFile file, bool readOnly)
    {
        bool isLarge = file.Size >= LargeFileBytes;
        if (readOnly || !isLarge)
        {
            return isLarge;
        }

        bool? wasAsked = file switch
        {
            { WriteAccess: { } known } => known,
            { Use: FileUse.Extended } => true,
            { Use: FileUse.Present } => false,
            _ => null,  // compared mounts, lost calls, or a record from before this was told
        };
        if (wasAsked is not null || HasRoomFor(file.Size))
        {
            return wasAsked == false;
        }

        Notes.Add($"'{file.Path}' is shown read-only from its place, for want of room for a copy: whether the run opened it for writing is not recorded");
        return true;
    }

    /// <summary>As much is left to the job as the copy takes.</summary>
    private bool HasRoomFor(long size)
    {
        using var folder = Files.OpenFolder(_parent);
        return size <= Files.FileSystemOf(folder, _parent).AvailableBytes / 2;
    }

    private static ScratchMount Show(UsedFile entry, string hostPath) => new(
        new Mount
        {
            Kind = "bind",
            Source = hostPath,
            Destination = entry.Path,
            ReadOnly = true,
            Purpose = "bind",
            IsFile = true,
        },
        IsOriginal: true);

    private void Copy(LocatedInput input, string path, int mode)
    {
        if (Stands(path))
        {
            // Made under another path of the same folder, under which the run may have read it.
            if (input.File.Use == FileUse.Present)
            {
                return;
            }

            if (_shared.IsLaidOutAt(input, path))
            {
                return;
            }

            File.Delete(path);
            _links.Remove(path);
        }

        if (_shared.TryLink(input, path))
        {
            return;
        }

        input = _shared.ContentOf(input);
        if (input.HostPath is { } source && IsCopied(source, path, input.File))
        {
            // Clones where the file system can; keeps the time of last modification.
        }
        else if (input.Blob is { } blob)
        {
            using var content = _blobs.Open(blob);
            using var file = File.Create(path);
            content.CopyTo(file);
        }
        else
        {
            using var file = File.Create(path);
            file.SetLength(input.File.Size);
        }

        _shared.Add(input, path);
        SetModified(input.File, path);
        File.SetUnixFileMode(path, (UnixFileMode)mode);
        if ((mode & SetIds) != 0)
        {
            _lateModes.Add((path, mode));
        }
    }

    /// <summary>By the age of its inputs make(1) decides, and who works like it.</summary>
    private static void SetModified(UsedFile file, string path)
    {
        if (file.Modified is not { } text)
        {
            return;
        }

        if (!FileTime.TryParse(text, out var time))
        {
            throw new RecordingException($"file '{file.Path}': 'modified' is '{text}', expected a time such as 2026-11-24T04:05:06.789012345Z");
        }

        using var folder = Files.OpenFolder(System.IO.Path.GetDirectoryName(path)!);
        Files.SetModifiedOf(folder, System.IO.Path.GetFileName(path), time);
    }

    /// <returns>False for what may not be read, and was not by the run: that it is there may be all that matters.</returns>
    private bool IsCopied(string source, string path, UsedFile file)
    {
        try
        {
            File.Copy(source, path);
            return true;
        }
        catch (UnauthorizedAccessException) when (file.Use == FileUse.Present)
        {
            Notes.Add($"'{file.Path}' may not be read now, and the run did not read it: zeros stand there");
            return false;
        }
    }

    private static bool Stands(string path) => System.IO.Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private void MakeSpecial(UsedFile entry, string path)
    {
        int mode = Convert.ToInt32(entry.Mode, 8);
        switch (entry.Kind)
        {
            case FileKind.Folder:
                Directory.CreateDirectory(path);
                _lateModes.Add((path, mode));
                break;
            case FileKind.Link:
                File.CreateSymbolicLink(path, entry.Target ?? "");
                _links.Add(path);
                break;
            case FileKind.Fifo:
                using (var folder = Files.OpenFolder(System.IO.Path.GetDirectoryName(path)!))
                {
                    Files.MakeFifo(folder, System.IO.Path.GetFileName(path), mode);
                }

                break;
            default:
                Notes.Add($"'{entry.Path}' was a {entry.Kind.ToString().ToLowerInvariant()} and was not made again");
                break;
        }
    }

    /// <summary>Whether the path, or a folder between it and this one, is a link.</summary>
    private bool HasLinkOnTheWayTo(string path)
    {
        for (string? at = path; _links.Count > 0 && at?.Length > Path.Length; at = System.IO.Path.GetDirectoryName(at))
        {
            if (_links.Contains(at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The job of root becomes the recorded user. Whose the files were no record tells; that user's is what lets it do what it did.</summary>
    private void GiveTo(RunUser user)
    {
        if (!IdentityMap.IsFullRoot() || (user.Uid == Identity.EffectiveUid && user.Gid == Identity.EffectiveGid))
        {
            return;
        }

        try
        {
            using var top = Files.OpenFolder(Path);
            GiveAllIn(top, Path, (uint)user.Uid, (uint)user.Gid);
        }
        catch (SyscallException e) when (e.Errno is Errno.EPERM or Errno.EINVAL or Errno.EACCES)
        {
            Notes.Add($"the files laid out could not be given to user {user.Uid}: {e.Message}");
        }
    }

    private static void GiveAllIn(SafeFileHandle folder, string path, uint uid, uint gid)
    {
        foreach (var item in Files.List(folder, path))
        {
            Files.SetOwnerOf(folder, item.Name, uid, gid);
            if (Files.Status(folder, item.Name).IsFolder)
            {
                using var inner = Files.Open(folder, item.Name, Files.O_RDONLY | Files.O_DIRECTORY);
                GiveAllIn(inner, ContainerPath.Join(path, item.Name), uid, gid);
            }
        }
    }

    /// <summary>From the deepest up.</summary>
    private void SetLateModes()
    {
        for (int last = _lateModes.Count - 1; last >= 0; last--)
        {
            File.SetUnixFileMode(_lateModes[last].Path, (UnixFileMode)_lateModes[last].Mode);
        }
    }
}
