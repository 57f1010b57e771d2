using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Host;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Rootfs;

namespace Provenance.Runtime.Capturing;

/// <summary>Makes an image of what a job used on the host, and takes it into the archive as any other.</summary>
/// <param name="blobs">Of the archive.</param>
/// <param name="classifier">Decides what belongs into it.</param>
/// <param name="pack">How much is packed.</param>
internal sealed class HostCapture(BlobStore blobs, CaptureClassifier classifier, PackMode pack) : IDisposable
{
    /// <summary>How the image's record calls where it comes from.</summary>
    private const string Packing = "host";

    /// <summary>Files that change while they are packed are left out, up to so many; then the host does not hold still.</summary>
    private const int MaxRestless = 50;

    private readonly HostPaths _host = new();

    /// <exception cref="Archive.ArchiveException">The archive does not take it.</exception>
    /// <exception cref="RuntimeException">The files cannot be read.</exception>
    public CapturedImage Capture(IEnumerable<UsedPath> used, SigningKey key, TimeProvider clock)
    {
        var files = new CapturedFiles(_host, classifier);
        foreach (var path in used)
        {
            files.Add(path);
        }

        var owners = AddPackages(files);
        var imported = Import(files, owners ?? []);
        return new CapturedImage
        {
            Image = Keep(imported, key, clock) with { Packages = owners is null ? null : ListOf(owners) },
            Packed = [.. files.Paths],
            UsersLinks = files.UsersLinks,
            Notes = files.Notes,
            Private = [.. files.Private.Order(StringComparer.Ordinal)],
            HiddenEnvironments = [.. classifier.HiddenEnvironments],
        };
    }

    public void Dispose() => _host.Dispose();

    /// <summary>Those that own files of it; null when this host has no package manager that we know.</summary>
    private IReadOnlyList<OwningPackage>? AddPackages(CapturedFiles files)
    {
        var managers = HostPackages.Find(_host);
        if (!managers.Any)
        {
            return null;
        }

        var owned = managers.FindOwners(files.Paths.ToHashSet(StringComparer.Ordinal), withFiles: pack == PackMode.All);
        foreach (string file in owned.Files.Concat(CompiledModules.Of(owned.Files)))
        {
            files.Follow(file);
        }

        return owned.Packages;
    }

    private LineList ListOf(IReadOnlyList<OwningPackage> packages)
    {
        if (packages.Count == 0)
        {
            return new LineList { Count = 0 };
        }

        using var blob = blobs.Create(MediaTypes.JsonLines);
        foreach (var package in packages)
        {
            blob.Write(RecordLines.Serialize(package));
        }

        return new LineList { Count = packages.Count, Blob = blob.Commit() };
    }

    private ImportedImage Import(CapturedFiles files, IReadOnlyList<OwningPackage> owners)
    {
        var host = new Platform { Os = "linux", Architecture = HostProbe.Read().Cpu.Architecture };
        var options = new ImportOptions { Recorder = RecorderName.Current, Importer = CallingUser.Current(), Host = host };
        for (int restless = 0; ; restless++)
        {
            try
            {
                using var tar = files.Pack();
                return new ImageImporter(blobs).ImportLayer(tar, Packing, options, owners, CancellationToken.None);
            }
            catch (FileChangedException e) when (restless < MaxRestless)
            {
                files.Drop("/" + e.Path, "changed while it was packed: it is not in the image");
            }
        }
    }

    private RunImage Keep(ImportedImage imported, SigningKey key, TimeProvider clock)
    {
        var config = ImageConfig.Parse(blobs.Read(imported.Config.Digest, ImportLimits.Default.MaxJsonBytes));
        var record = ImageRequirements.Describe(imported.Record, config, null, blobs.Layout, clock, CancellationToken.None);
        byte[] statement = RecordJson.Serialize(ImageStatement.Of(imported with { Record = record }) with { Signer = key.Signer.PublicKey });
        // Whether a time stamp was to be had is told of the run's own record.
        var signature = new StatementSigner(blobs.Layout, clock).Sign(statement, key).P7s;
        var intake = new RecordIntake(blobs, Files.SyncFolder);
        var acknowledged = intake.Acknowledge(RecordKind.Image, statement, signature);
        new Endorser(blobs, Files.SyncFolder, clock, RecorderName.Current).EndorseBySecondKey(RecordKind.Image, statement);
        intake.SequenceIncoming();
        string name = $"captured-{imported.Tree.Abbreviated}";
        new ImageNames(blobs.Layout, blobs, Files.SyncFolder).Set(name, imported, acknowledged);
        return new RunImage
        {
            Reference = name,
            Manifest = imported.Manifest.Digest,
            Tree = imported.Tree,
            Record = acknowledged,
            Platform = imported.Platform,
            Captured = true,
        };
    }
}
