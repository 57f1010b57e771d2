using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Recording.Calls;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Capturing;

/// <summary>What recording a job on the host's own files takes beyond recording one in an image: what it used becomes the image.</summary>
internal sealed class HostRun
{
    private const string OnlyOpened =
        "the image holds what the job opened: files that it only looked at are not in it, and a folder lists there what was used of it";

    private readonly BlobStore _blobs;
    private readonly RecorderPlan _plan;
    private readonly TimeProvider _clock;
    private readonly CaptureLedger _ledger = new();

    /// <summary>Mounts of which the ledger has one of the user's files: the way to the others is the same.</summary>
    private readonly HashSet<Mount> _entered = new(ReferenceEqualityComparer.Instance);

    public HostRun(BlobStore blobs, RecorderPlan plan, TimeProvider clock)
    {
        (_blobs, _plan, _clock) = (blobs, plan, clock);
        Classifier = new CaptureClassifier(plan.Mounts, _ledger.Executed, path => Path.Exists(path));
    }

    /// <summary>The whole host, through which a file is opened that is in no mount. It stands in no record.</summary>
    public static Mount Root { get; } = new()
    {
        Kind = "bind",
        Source = "/",
        Destination = "/",
        ReadOnly = false,
        Purpose = "host",
        IsFile = false,
    };

    /// <summary>Whose a file is, as far as is known by then.</summary>
    public CaptureClassifier Classifier { get; }

    /// <remarks>The user's files in a mounted folder are listed already, and none of them is packed: there may be a million.</remarks>
    public void Observe(ObservedEvent observed)
    {
        if (observed is FileTouched { Named: null } touched && (touched.Access & FileAccess.Execute) == 0
            && Classifier.MountOf(touched.Path) is { } mount && Classifier.Classify(touched.Path) == CapturePlace.Input && !_entered.Add(mount))
        {
            return;
        }

        _ledger.Observe(observed);
    }

    /// <summary>Packs what the job used, when it has ended.</summary>
    /// <param name="before">The environments that are in the image are taken out of it.</param>
    /// <param name="scanner">And are left out of what it lists from now on.</param>
    /// <exception cref="Archive.ArchiveException">The archive does not take it.</exception>
    /// <exception cref="RuntimeException">The files cannot be read.</exception>
    public CapturedImage Capture(FolderScan before, MountScanner scanner)
    {
        using var key = new KeyStore(_blobs.Layout, Files.SyncFolder, _clock).Find()
            ?? throw new RecordingException($"archive '{_blobs.Layout.Root}': has no key to sign with");
        using var capture = new HostCapture(_blobs, Classifier, _plan.Options.Pack);
        var image = capture.Capture(_ledger.Used, key, _clock);
        before.Remove(image.HiddenEnvironments);
        foreach (string environment in image.HiddenEnvironments)
        {
            scanner.Exclude(environment);
        }

        return image;
    }

    /// <summary>
    /// What the job changed where no listing was made: by its calls, and by what stands there now. With what somebody else changed of the
    /// user's files that it read there.
    /// </summary>
    /// <param name="log">What it did.</param>
    /// <param name="startedAt">When it started.</param>
    public IReadOnlyList<ScanChange> FindChanges(CallLog log, FileTime startedAt)
    {
        var before = new FolderScan();
        var after = new FolderScan();
        using var host = new HostPaths();
        foreach (var touched in log.Paths.Values.Where(touched => (touched.IsChanged && IsOutput(touched.Path)) || IsInput(touched)))
        {
            if (touched.First is { } first)
            {
                before.Add(first);
            }

            if (host.Look(touched.Path) is var (status, target))
            {
                after.Add(ScannedEntry.Of(touched.Path, status, target));
            }
        }

        return ScanComparison.Compare(before, after, startedAt);
    }

    /// <summary>Adds to what was learnt of the files the image, the folders that a replay needs, and what there is to say of them.</summary>
    /// <param name="files">As for any other run.</param>
    /// <param name="image">Made of what the job used.</param>
    /// <param name="inputs">The user's own files that it read.</param>
    /// <param name="changes">What it changed.</param>
    public ObservedFiles Complete(
        ObservedFiles files, CapturedImage image, IEnumerable<TouchedPath> inputs, IReadOnlyList<ScanChange> changes)
    {
        var folders = new HostFolders(_plan.Mounts, image.Packed);
        (string, bool, bool)[] used =
        [
            .. inputs.Where(input => !IsListed(input.Path)).Select(input => (input.Path, true, false)),
            .. image.UsersLinks.Select(link => (link.Path, true, false)),
            .. changes.Select(change => (change.Path, change.Before is not null, true)),
        ];
        var found = folders.Find(used);
        Mount[] mounts = [.. _plan.Mounts, .. found, .. image.HiddenEnvironments.Select(Shown)];
        var places = new UserPlaces(found);
        return files with
        {
            Image = image.Image,
            Mounts = [.. mounts.OrderBy(mount => mount.Destination, StringComparer.Ordinal)],
            Used = places.AddTo(files.Used, used.Select(file => file.Item1), image.UsersLinks, changes),
            Hazards = [.. files.Hazards, .. HostHazards.Of(image, [.. folders.Unplaced])],
            Observation = files.Observation with { NotSeen = [.. files.Observation.NotSeen, .. NotSeen(image)] },
        };
    }

    private IEnumerable<string> NotSeen(CapturedImage image)
    {
        yield return OnlyOpened;
        foreach (string note in image.Notes)
        {
            yield return note;
        }

        if (_ledger.Beyond > 0)
        {
            yield return $"{_ledger.Beyond} calls on further files, which may be missing in the image";
        }

        foreach (string environment in image.HiddenEnvironments.Where(top =>
            _ledger.Changed.Any(path => ContainerPath.IsAtOrBelow(path, top))))
        {
            yield return $"what the job wrote in '{environment}', which is in the image as it was afterwards";
        }
    }

    private bool IsInput(TouchedPath touched) => touched is { Stood: true, Kind: FileKind.File, Use: not FileUse.Present }
        && !IsListed(touched.Path) && Classifier.Classify(touched.Path) == CapturePlace.Input;

    private bool IsListed(string path) => Classifier.MountOf(path) is not null;

    private bool IsOutput(string path)
    {
        return !IsListed(path) && Classifier.Classify(path) switch
        {
            CapturePlace.Input or CapturePlace.Private => true,
            // What a program keeps beside itself is no result.
            CapturePlace.Image => !PathPlaces.HasCacheName(path),
            _ => false,
        };
    }

    private static Mount Shown(string environment) => new()
    {
        Kind = "image",
        Destination = environment,
        ReadOnly = true,
        Purpose = "environment",
        IsFile = false,
    };
}
