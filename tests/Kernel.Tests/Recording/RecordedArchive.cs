using System.Text;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Host;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Recording;

/// <summary>An archive with a key and one image, and a working folder in which jobs are recorded. Gone with the test.</summary>
internal sealed class RecordedArchive : IDisposable
{
    public const string ImageName = "box";

    private readonly StoredImage _image;
    private readonly string _rootfs;

    /// <param name="prepare">Called with the archive's folder while it is empty.</param>
    /// <param name="furnish">Called with the root file system that becomes the image.</param>
    public RecordedArchive(Action<string>? prepare = null, Action<string>? furnish = null)
    {
        using var root = BusyboxRoot.Make();
        furnish?.Invoke(root.Path);
        Folder = Directory.CreateTempSubdirectory("prov-rec-").FullName;
        Layout = new StoreLayout(Path.Combine(Folder, "archive"));
        Blobs = new BlobStore(Layout, Files.SyncFolder);
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(Scratch);
        prepare?.Invoke(Directory.CreateDirectory(Layout.Root).FullName);
        using (new KeyStore(Layout, Files.SyncFolder, TimeProvider.System).Create("A. Tester"))
            _image = Import(root.Path);
        _rootfs = new RootfsStore(Layout).Find(_image.Tree)!;
    }

    public string Folder { get; }

    /// <summary>The caller's folder: the job sees it at its own path and is there.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>Where replays make their scratch folders.</summary>
    public string Scratch => Path.Combine(Folder, "scratch");

    public StoreLayout Layout { get; }

    public BlobStore Blobs { get; }

    public string Write(string name, string content)
    {
        string path = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Work, name));

    /// <summary>Runs a shell script in the working folder and records it, all in this process.</summary>
    /// <returns>The run's id, which the archive has acknowledged.</returns>
    /// <param name="script">For the shell.</param>
    /// <param name="options">Of the recording.</param>
    /// <param name="change">Of the job.</param>
    /// <param name="pipe">Read end of what is the job's standard input; null for nothing.</param>
    /// <param name="notObserved">Why its calls are not, although they should be; null when they are.</param>
    public Digest Record(
        string script, RecordingOptions? options = null, Func<JobRequest, JobRequest>? change = null, SafeFileHandle? pipe = null, string? notObserved = null)
    {
        var plan = Plan(script, change);
        var form = new StreamForm();
        using var session = new RecorderSession(PlanOf(plan, options ?? new RecordingOptions(), form, pipe is not null), TimeProvider.System);
        using var channels = OutputChannels.ForCapture(form);
        using InputChannel input = pipe is null
            ? new GivenInput(File.OpenHandle("/dev/null"))
            : PassedInput.TryOpen(pipe, session.AppendInput, out string? obstacle) ?? throw new InvalidOperationException(obstacle);
        session.Begin();
        bool observes = (options ?? new RecordingOptions()).Observe == ObserveMode.Calls && notObserved is null;
        using var events = observes ? new EventSender(batch => EventReader.ReadAll(batch.Span).ForEach(session.Observe)) : null;
        var spec = plan.Spec with { Observe = events is null ? null : events.Add };
        var result = JobRecorder.RunTapped(spec, input, channels, session.Append, TimeProvider.System);
        events?.Finish();
        var outcome = RecorderOutcome.Of(result, channels.ReaderLeft) with { InputLost = (input as PassedInput)?.Lost };
        return session.End(outcome with { NotObserved = notObserved ?? outcome.NotObserved });
    }

    public JobPlan Plan(string script, Func<JobRequest, JobRequest>? change = null)
    {
        var request = new JobRequest
        {
            Reference = ImageName,
            Image = _image,
            Rootfs = _rootfs,
            Arguments = ["sh", "-c", script],
        };
        var surroundings = new JobSurroundings { Caller = Caller.Current(), CurrentFolder = Work };
        return JobPlanner.Plan(change is null ? request : change(request), surroundings);
    }

    public ReplayResult Replay(Digest run, Func<ReplayRequest, ReplayRequest>? change = null)
    {
        var request = new ReplayRequest { Run = run.Hex, ScratchParent = Scratch };
        return new Replayer(Layout, TimeProvider.System).Replay(change is null ? request : change(request));
    }

    public RecordedRun Load(Digest run) => new RunLoader(Layout, Blobs, TimeProvider.System).Load(run.Hex);

    /// <summary>Signs a run that was never made with the archive's own key, and hands it in.</summary>
    public Digest Forge(Digest original, Func<RunRecord, RunRecord> change)
    {
        var statement = RecordJson.ParseRun(Blobs.Read(original, CanonicalJson.MaxBytes));
        return Keep(RecordKind.Run, RecordJson.Serialize(statement with { Predicate = change(statement.Predicate) }));
    }

    /// <summary>What each path that the job generated became, in order.</summary>
    public IReadOnlyList<string> Generated(Digest run) =>
        [.. Load(run).Generated.Select(file => $"{file.Change.ToString().ToLowerInvariant()} {Path.GetRelativePath(Work, file.Path)}")];

    public string TextOf(Descriptor? kept) => Encoding.UTF8.GetString(Blobs.Read(kept!, 1 << 20));

    public void Dispose()
    {
        // A small disk that was mounted over the archive took its cache with it.
        string[] trees = Directory.Exists(Layout.RootfsCache) ? Directory.GetDirectories(Layout.RootfsCache) : [];
        foreach (string tree in trees)
        {
            if (Digest.TryParseHex(Path.GetFileName(tree), out var digest))
                new RootfsStore(Layout).Remove(digest);
        }

        // A recorder goes on for a moment after its program has answered: it puts the record into log and catalog.
        Assert.True(SpinWait.SpinUntil(TryDelete, TimeSpan.FromSeconds(20)), $"'{Folder}' cannot be removed");
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private RecorderPlan PlanOf(JobPlan plan, RecordingOptions options, StreamForm form, bool isPiped) => new()
    {
        Archive = Layout.Root,
        Invocation = InvocationFacts.Describe(plan.Spec) with
        {
            Stdin = new StandardInput { Kind = isPiped ? "pipe" : "null" },
            Terminals = null,
        },
        IsInputPassed = isPiped,
        Image = plan.Image!,
        Environment = RecordedEnvironment.Of(plan.Spec.Environment),
        Mounts = plan.Mounts,
        PutFiles = [.. plan.Spec.GeneratedFiles.Select(file => new PutFile(file.Key, file.Value.ToArray()))],
        Options = options,
        Form = form,
        Notes = plan.Notes,
    };

    private StoredImage Import(string root)
    {
        var recorder = new Recorder { Name = "prov", Version = "0" };
        var host = new Platform { Os = "linux", Architecture = HostProbe.Read().Cpu.Architecture };
        using var tree = new RootfsStore(Layout).Begin();
        var imported = new ImageImporter(Blobs, new FolderPacker(_ => { }).Pack).Import(
            ImageSource.Parse($"dir:{root}"), new ImportOptions { Recorder = recorder, Host = host }, tree, null, CancellationToken.None);
        var record = Keep(RecordKind.Image, RecordJson.Serialize(new Statement<ImageRecord>
        {
            Subject = [new Subject { Name = "image", Digest = new DigestSet { Sha256 = imported.Manifest.Digest.Hex } }],
            PredicateType = StatementTypes.Image,
            Predicate = imported.Record,
        }));
        var names = new ImageNames(Layout, Blobs, Files.SyncFolder);
        names.Set(ImageName, imported, record);
        return names.Resolve(ImageName);
    }

    private Digest Keep(RecordKind kind, byte[] statement)
    {
        using var key = new KeyStore(Layout, Files.SyncFolder, TimeProvider.System).Find()!;
        return new RecordIntake(Blobs, Files.SyncFolder).Accept(kind, statement, CmsSigner.Sign(statement, key, TimeProvider.System));
    }
}
