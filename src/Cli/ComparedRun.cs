using Provenance.Archive.Content;
using Provenance.Archive.Differences;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>One of two runs that are compared, and where its lists and its image are.</summary>
internal sealed class ComparedRun
{
    private readonly Workbench _workbench;

    private ComparedRun(Workbench workbench, byte[] statement)
    {
        _workbench = workbench;
        Id = Digest.Of(statement);
        Record = RecordJson.ParseRun(statement).Predicate;
    }

    public Digest Id { get; }

    public RunRecord Record { get; }

    /// <param name="name">Digits of an id, or the file of a statement. Nothing is verified: that is for prov verify.</param>
    /// <param name="workbench">With the archive.</param>
    public static ComparedRun Find(string name, Workbench workbench)
    {
        if (!File.Exists(name))
        {
            return new ComparedRun(workbench, workbench.Finder.Read(workbench.Finder.Get(name)).Statement.ToArray());
        }

        using var file = File.OpenRead(name);
        if (file.Length > Workbench.MaxStatementBytes)
        {
            throw new UsageException($"statement '{name}': has {file.Length} bytes, at most {Workbench.MaxStatementBytes} are read");
        }

        byte[] statement = new byte[file.Length];
        file.ReadExactly(statement);
        return new ComparedRun(workbench, statement);
    }

    /// <param name="withPackages">Reads which packages the image has; unpacks it when it is not.</param>
    public RunSide Side(bool withPackages) => new()
    {
        Record = Record,
        Used = Lines(Record.Used, RecordLines.ReadUsed),
        Generated = Lines(Record.Generated, RecordLines.ReadGenerated),
        Packages = withPackages ? Packages() : [],
    };

    /// <summary>The image's files, read as they are enumerated.</summary>
    public IEnumerable<TreeEntry> Tree() => Lines(Image().Tree, RecordLines.ReadTree);

    private IReadOnlyList<InstalledPackage> Packages()
    {
        if (Record.Image.Captured == true)
        {
            return ImagePackages.OfCaptured(Record.Image.Packages?.Blob is { } owners ? Lines(owners, RecordLines.ReadPackages) : [], Tree());
        }

        var image = Image();
        if (image.Packages is { } listed)
        {
            return ImagePackages.OfList(listed.Blob is { } list ? Lines(list, RecordLines.ReadImagePackages) : []);
        }

        var named = new NamedImage { Manifest = image.Manifest, Tree = Record.Image.Tree, Platform = Record.Image.Platform };
        string root = _workbench.Rootfs.Ensure(named, _workbench.Importer, null, CancellationToken.None);
        return ImagePackages.Read(Tree(), entry => Open(root, entry));
    }

    /// <summary>The manifest names real files: no link is followed, for the digest would not agree.</summary>
    private static VerifyingStream Open(string root, TreeEntry entry)
    {
        var content = new Descriptor
        {
            MediaType = MediaTypes.OctetStream,
            Digest = Digest.Parse($"sha256:{entry.Sha256}"),
            Size = entry.Size!.Value,
        };
        return new VerifyingStream(File.OpenRead(Path.Combine(root, entry.Path)), content);
    }

    private ImageRecord Image() =>
        RecordJson.ParseImage(_workbench.Blobs.Read(Record.Image.Record, Workbench.MaxStatementBytes)).Predicate;

    private IEnumerable<T> Lines<T>(FileList list, Func<Stream, IEnumerable<T>> read) =>
        list.Blob is { } blob ? Lines(blob, read) : [];

    private IEnumerable<T> Lines<T>(Descriptor blob, Func<Stream, IEnumerable<T>> read)
    {
        using var lines = _workbench.Blobs.Open(blob);
        foreach (var line in read(lines))
        {
            yield return line;
        }
    }
}
