using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>An archive in a folder of its own, a key, and records whose blobs are all there.</summary>
internal sealed class SampleArchive : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(RecordSamples.Start);
    private readonly SigningKey _key;

    public SampleArchive()
    {
        Layout = new StoreLayout(_folder.Path);
        Blobs = new BlobStore(Layout, Sync);
        _key = new KeyStore(Layout, Sync, _time).Create("Ada Example");
        foreach (string content in new[] { "in", "out", "err", "manifest", "index", "config", "layer", "tree", "image record" })
        {
            Put(content);
        }
    }

    public StoreLayout Layout { get; }

    public BlobStore Blobs { get; }

    public TransparencyLog Log => new(Layout, Sync);

    /// <summary>Tests do not cut the power: what a process leaves is in the page cache.</summary>
    public static void Sync(string folder)
    {
    }

    public RecordIntake Intake() => new(Blobs, Sync);

    public RecordFinder Finder() => RecordFinder.Open(Blobs, Sync);

    public Descriptor Put(string content) => Blobs.Put(MediaTypes.OctetStream, Encoding.UTF8.GetBytes(content));

    public static Digest DigestOf(string content) => Digest.Of(Encoding.UTF8.GetBytes(content));

    public byte[] Sign(byte[] statement) => CmsSigner.Sign(statement, _key, _time);

    /// <summary>A run like no other of this number.</summary>
    public byte[] Run(int number = 0, Func<RunRecord, RunRecord>? change = null) =>
        RecordJson.Serialize(RecordSamples.Run(Whole(number, change)));

    public static byte[] Replay(Digest run)
    {
        var sample = RecordSamples.Replay();
        return RecordJson.Serialize(sample with { Predicate = sample.Predicate with { Run = run } });
    }

    public Digest Accept(int number = 0, Func<RunRecord, RunRecord>? change = null)
    {
        byte[] statement = Run(number, change);
        return Intake().Accept(RecordKind.Run, statement, Sign(statement));
    }

    public Digest AcceptImage()
    {
        byte[] statement = RecordJson.Serialize(RecordSamples.Image());
        return Intake().Accept(RecordKind.Image, statement, Sign(statement));
    }

    public Digest AcceptReplay(Digest run)
    {
        byte[] statement = Replay(run);
        return Intake().Accept(RecordKind.Replay, statement, Sign(statement));
    }

    /// <summary>The records the log holds, in its order.</summary>
    public List<string> Logged() =>
        [.. Log.Entries(0, Log.Size).Select(entry => LogLeaf.Parse(entry).Record.Sha256)];

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private RunRecord Whole(int number, Func<RunRecord, RunRecord>? change)
    {
        var sample = RecordSamples.RunPredicate();
        var whole = sample with
        {
            Image = sample.Image with { Packages = Packages() },
            Used = Used(number),
            Generated = Generated(number),
            Sought = new LineList
            {
                Count = 1,
                Blob = Blobs.Put(MediaTypes.JsonLines, RecordLines.Serialize(new SoughtPath { Path = "/work/fit.cfg", Count = 2 })),
            },
            Executed = Executed(),
            Invocation = sample.Invocation with { Argv = [.. sample.Invocation.Argv, $"--number={number}"] },
            Outcome = sample.Outcome with { StartedAt = RecordSamples.Start.AddMinutes(number) },
            ReplayOf = null,
        };
        return change is null ? whole : change(whole);
    }

    private LineList Packages()
    {
        var package = new OwningPackage { Name = "python3", Version = "3.11.2-1", Architecture = "amd64", Manager = "dpkg" };
        return new LineList { Count = 1, Blob = Blobs.Put(MediaTypes.JsonLines, RecordLines.Serialize(package)) };
    }

    /// <summary>One program twice.</summary>
    private LineList Executed()
    {
        var program = new ExecutedProgram
        {
            Process = 1,
            Parent = 0,
            Path = "/usr/bin/python3.11",
            Argv = ["python3", "fit.py"],
            WorkingDirectory = "/work",
        };
        byte[] lines = [.. RecordLines.Serialize(program), .. RecordLines.Serialize(program with { Process = 2, Parent = 1 })];
        return new LineList { Count = 2, Blob = Blobs.Put(MediaTypes.JsonLines, lines) };
    }

    private FileList Used(int number)
    {
        byte[] lines = RecordLines.Serialize(
        [
            new UsedFile
            {
                Path = "/work/data.csv",
                Kind = FileKind.File,
                Mode = "0644",
                Size = 4,
                Digest = RecordSamples.DigestsOf("data"),
                Kept = false,
                Use = FileUse.Read,
                Class = FileClass.Input,
            },
            new UsedFile { Path = $"/work/{number}", Kind = FileKind.Folder, Mode = "0755", Size = 0, Kept = false },
        ]);
        return new FileList { Count = 2, TotalBytes = 4, Blob = Blobs.Put(MediaTypes.JsonLines, lines) };
    }

    private FileList Generated(int number)
    {
        string content = $"result {number}";
        byte[] lines = RecordLines.Serialize(
        [
            new GeneratedFile
            {
                Path = "/work/results/fit.csv",
                Kind = FileKind.File,
                Change = FileChange.Created,
                Mode = "0644",
                Size = Put(content).Size,
                Digest = RecordSamples.DigestsOf(content),
                Kept = true,
            },
        ]);
        return new FileList { Count = 1, TotalBytes = content.Length, Blob = Blobs.Put(MediaTypes.JsonLines, lines) };
    }
}
