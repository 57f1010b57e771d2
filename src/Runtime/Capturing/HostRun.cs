using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording;

namespace Provenance.Runtime.Capturing;

/// <summary>What recording a job on the host's own files takes beyond recording one in an image: what it used becomes the image.</summary>
internal sealed class HostRun
{
    private readonly BlobStore _blobs;
    private readonly RecorderPlan _plan;
    private readonly TimeProvider _clock;
    private readonly CaptureLedger _ledger = new();

    public HostRun(BlobStore blobs, RecorderPlan plan, TimeProvider clock)
    {
        (_blobs, _plan, _clock) = (blobs, plan, clock);
        Classifier = new CaptureClassifier(plan.Mounts, _ledger.Executed, path => Path.Exists(path));
    }

    /// <summary>Whose a file is, as far as is known by then.</summary>
    public CaptureClassifier Classifier { get; }

    public void Observe(ObservedEvent observed) => _ledger.Observe(observed);

    /// <summary>Packs what the job used, when it has ended.</summary>
    /// <exception cref="Archive.ArchiveException">The archive does not take it.</exception>
    /// <exception cref="RuntimeException">The files cannot be read.</exception>
    public CapturedImage Capture()
    {
        using var key = new KeyStore(_blobs.Layout, Files.SyncFolder, _clock).Find()
            ?? throw new RecordingException($"archive '{_blobs.Layout.Root}': has no key to sign with");
        using var capture = new HostCapture(_blobs, Classifier, _plan.Options.Pack);
        var image = capture.Capture(_ledger.Used, key, _clock);
        return _ledger.Beyond == 0
            ? image
            : image with { Notes = [.. image.Notes, $"{_ledger.Beyond} calls on further files, which may be missing in the image"] };
    }
}
