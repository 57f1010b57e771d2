using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Runtime.Recording;

/// <summary>Finds the inputs of a run: where they were, or where --bind says they are, if their digests agree; else in the archive.</summary>
internal sealed class InputLocator : IDisposable
{
    private readonly BlobStore _blobs;
    private readonly DroppedBlobs _dropped;
    private readonly FileHasher _hasher;
    private readonly List<Mount> _places;
    private readonly List<Relocation> _relocated = [];
    private readonly List<MissingInput> _missing = [];
    private readonly IReadOnlyDictionary<string, FedFile> _fed;

    /// <param name="blobs">The archive.</param>
    /// <param name="mounts">As recorded.</param>
    /// <param name="relocations">Each destination is a recorded mount, or a path in one.</param>
    /// <param name="fed">By path: what an earlier step of a chain has made in place of what was recorded; null outside a chain.</param>
    /// <exception cref="BindException">A relocation is of no recorded mount, or its source is not there.</exception>
    public InputLocator(
        BlobStore blobs,
        IReadOnlyList<Mount> mounts,
        IReadOnlyList<BindMount> relocations,
        IReadOnlyDictionary<string, FedFile>? fed = null)
    {
        _blobs = blobs;
        _fed = fed ?? new Dictionary<string, FedFile>();
        _dropped = new DroppedBlobs(blobs.Layout);
        _hasher = new FileHasher(blobs, new KeepBudget(0));
        _places = [.. mounts.Where(JobPlanner.IsBind)];
        foreach (var relocation in relocations)
        {
            Relocate(relocation);
        }
    }

    /// <summary>Inputs found elsewhere than they were.</summary>
    public IReadOnlyList<Relocation> Relocated => _relocated;

    public IReadOnlyList<MissingInput> Missing => _missing;

    /// <summary>Every regular file of the mounts that is found; the others are in <see cref="Missing"/>.</summary>
    /// <remarks>A file that the run was seen not to look into needs its size only, and is never missing.</remarks>
    public IReadOnlyList<LocatedInput> Locate(IReadOnlyList<UsedFile> used)
    {
        var found = new List<LocatedInput>();
        foreach (var file in used.Where(file => file.Kind == FileKind.File))
        {
            // What was read and is in no mount is the image's, the kernel's, or made anew for every container; and an image may
            // show its own in a mount.
            bool isNeeded = file.Class != FileClass.Image && (file.Use is null || FindPlace(file) is not null);
            if (isNeeded && Find(file) is { } located)
            {
                found.Add(located);
            }
        }

        return found;
    }

    public void Dispose() => _hasher.Dispose();

    /// <summary>Where a mount's source is now.</summary>
    public Mount PlaceOf(Mount mount) => _places.First(place => place.Destination == mount.Destination);

    private LocatedInput? Find(UsedFile file)
    {
        if (_fed.TryGetValue(file.Path, out var fed))
        {
            _relocated.Add(fed.ToRelocation());
            return new LocatedInput(file, fed.HostPath, null) { IsFed = true };
        }

        var place = FindPlace(file);
        string reason = "its folder is not mounted";
        if (place is not null)
        {
            string hostPath = ContainerPath.Join(place.Source!, ContainerPath.RelativeTo(file.Path, place.Destination));
            if (ReasonAgainst(file, hostPath) is not { } problem)
            {
                return new LocatedInput(file, hostPath, null);
            }

            reason = $"'{hostPath}': {problem}";
        }

        if (BlobOf(file) is { } blob)
        {
            _relocated.Add(new Relocation { Path = file.Path, Source = "archive" });
            return new LocatedInput(file, null, blob);
        }

        if (file.Use == FileUse.Present)
        {
            return new LocatedInput(file, null, null);
        }

        if (file.Kept && Digest.TryParseHex(file.Digest?.Sha256, out var digest) && _dropped.Find(digest) is { } note)
        {
            reason += $"; what was kept of it was {DroppedBlobs.FateOf(note)}";
        }

        _missing.Add(new MissingInput(file.Path, reason));
        return null;
    }

    private Mount? FindPlace(UsedFile file) => _places
        .Where(mount => ContainerPath.IsAtOrBelow(file.Path, mount.Destination))
        .MaxBy(mount => mount.Destination.Length);

    private string? ReasonAgainst(UsedFile file, string hostPath)
    {
        try
        {
            // It is true of a link that leads nowhere.
            return Path.Exists(hostPath) ? ReasonAgainstWhatStands(file, hostPath) : "no such file";
        }
        catch (SyscallException e)
        {
            return e.Errno == Errno.ENOENT ? "no such file" : $"could not be read ({e.Errno})";
        }
    }

    private string? ReasonAgainstWhatStands(UsedFile file, string hostPath)
    {
        var mount = new Mount
        {
            Kind = "bind",
            Source = hostPath,
            Destination = file.Path,
            ReadOnly = true,
            Purpose = "bind",
            IsFile = true,
        };
        using var opened = MountedFiles.Open(mount);
        var status = Files.Status(opened.Folder, opened.RelativePath(file.Path));
        if (!status.IsFile)
        {
            return "is no regular file";
        }

        if (status.Size != file.Size)
        {
            return $"has {status.Size} bytes, expected {file.Size}";
        }

        if (file.Digest is not { } expected || file.Use == FileUse.Present)
        {
            return null;
        }

        var hashed = _hasher.Hash(opened, ScannedEntry.Of(file.Path, status, null), keep: false);
        bool same = hashed.Digest is { } actual && actual.Sha256 == expected.Sha256
            && (expected.Sha512 is null || actual.Sha512 == expected.Sha512);
        return same ? null : hashed.NotHashed ?? $"content has digest 'sha256:{hashed.Digest!.Sha256}', expected 'sha256:{expected.Sha256}'";
    }

    private Descriptor? BlobOf(UsedFile file)
    {
        if (!Digest.TryParseHex(file.Digest?.Sha256, out var digest) || !_blobs.Contains(digest))
        {
            return null;
        }

        return new Descriptor
        {
            MediaType = MediaTypes.OctetStream,
            Digest = digest,
            Size = file.Size,
            Sha512 = file.Digest?.Sha512,
        };
    }

    private void Relocate(BindMount relocation)
    {
        string destination = ContainerPath.Normalize(relocation.Destination);
        string source = Path.GetFullPath(relocation.Source);
        if (!Path.Exists(source))
        {
            throw new BindException(source, "no such file or folder on this host");
        }

        if (!_places.Exists(place => ContainerPath.IsAtOrBelow(destination, place.Destination)))
        {
            throw new BindException(destination, "is in no folder that the run had mounted");
        }

        int same = _places.FindIndex(place => place.Destination == destination);
        var moved = new Mount
        {
            Kind = "bind",
            Source = source,
            Destination = destination,
            ReadOnly = true,
            Purpose = "bind",
            IsFile = !Directory.Exists(source),
        };
        if (same >= 0)
        {
            _places[same] = moved with { ReadOnly = _places[same].ReadOnly, Purpose = _places[same].Purpose };
        }
        else
        {
            _places.Add(moved);
        }

        _relocated.Add(new Relocation { Path = destination, Source = source });
    }
}
