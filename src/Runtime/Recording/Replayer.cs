using Provenance.Archive.Catalog;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Host;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Runs a recorded job again, never over the originals, and compares what comes out.</summary>
/// <remarks>
/// 1 find the run and verify it · 2 assess whether this host can do it · 3 find inputs, secrets, standard input, and try under qemu what is in
/// doubt when asked · 4 refuse, unless forced · 5 lay out a scratch folder · 6 run · 7 compare, and find out why it differs when asked · 8 record.
/// </remarks>
/// <param name="archive">Has the runs.</param>
/// <param name="clock">The time.</param>
/// <param name="beside">Another archive, whose images will be there when the run is replayed.</param>
public sealed partial class Replayer(StoreLayout archive, TimeProvider clock, StoreLayout? beside = null)
{
    private readonly BlobStore _blobs = new(archive, Files.SyncFolder);

    /// <exception cref="Archive.ArchiveException">The run is not known.</exception>
    /// <exception cref="RuntimeException">It does not verify, or it cannot be run for a reason that is not the record's.</exception>
    public ReplayResult Replay(ReplayRequest request) => Replay(Load(request.Run), request, feed: null);

    /// <param name="run">Verified.</param>
    /// <param name="request">As for <see cref="Replay(ReplayRequest)"/>; its run is not looked at.</param>
    /// <param name="feed">What earlier steps of a chain gave, and what later ones want; null outside a chain.</param>
    internal ReplayResult Replay(RecordedRun run, ReplayRequest request, ReplayFeed? feed)
    {
        using var lease = WriterLease.TryTake(archive);
        var draft = Prepare(run, request, feed);
        request.Assessed?.Invoke(draft.Assessment);

        // :: Step 4
        if (draft.Forced is null)
        {
            return Refuse(draft);
        }

        // :: Steps 5 to 7
        var record = Attempt(draft, null, out string? kept);
        if (request.Explain && record.Verdict == ReplayVerdict.Differs)
        {
            record = record with { Explanation = Explain(draft, record) };
        }

        // :: Step 8
        return Finish(record) with { ScratchFolder = kept };
    }

    /// <param name="draft">What is known beforehand.</param>
    /// <param name="setting">What is set otherwise than recorded; null for nothing.</param>
    /// <param name="kept">The scratch folder, when it was left.</param>
    private ReplayRecord Attempt(ReplayDraft draft, ReplaySetting? setting, out string? kept)
    {
        // :: Step 5
        var run = draft.Run;
        using var use = new RootfsStore(archive).Use(run.Record.Image.Tree);
        using var scratch = ScratchFolder.Create(draft.Request.ScratchParent ?? Path.GetTempPath(), run.Id, _blobs);
        var laidOut = draft.Located.ToDictionary(input => input.File.Path, StringComparer.Ordinal);
        var mounts = scratch.Fill(run, laidOut, draft.Inputs.PlaceOf);
        var environment = setting?.AppliedTo(draft.Environment) ?? draft.Environment;
        var recorded = ReplaySpec.Of(run.Record, EnsureRootfs(run.Record.Image), environment, mounts, scratch.Path);
        var spec = draft.Pin?.ShownIn(recorded) ?? recorded;

        try
        {
            spec = Inject(ref draft, spec, setting is null);
        }
        catch (RuntimeException e)
        {
            kept = null;
            return e is InjectionRefusedException refused
                ? draft.ToRecord(ReplayVerdict.Refused, refused.Message) with { Assessment = ReplayFindings.Add(draft.Assessment, draft.New(refused.Findings)) }
                : draft.ToRecord(ReplayVerdict.Failed, e.Message);
        }

        // :: Steps 6 and 7
        using var cpu = setting is { OneCpu: true } ? SingleCpu.Take() : null;
        // What later steps of a chain get is what the first attempt made.
        var record = RunAndCompare(draft, spec, mounts, scratch, setting is null ? draft.Feed : null);
        scratch.IsKept = draft.Request.KeepScratch && setting is null && record.Verdict != ReplayVerdict.Reproduced;
        kept = scratch.IsKept ? scratch.Path : null;
        return record;
    }

    private ReplayExplanation Explain(ReplayDraft draft, ReplayRecord first)
    {
        var dispatch = draft.Run.Record.Hosts.Count == 0 ? null
            : DispatchSetting.Of(draft.Run.Record.Hosts[0].Cpu, draft.Host.Cpu, draft.Environment);
        ReplaySetting[] settings =
        [
            ReplaySetting.Unchanged, ReplaySetting.OneThread, .. dispatch is null ? Array.Empty<ReplaySetting>() : [dispatch], ReplaySetting.FixedLocale,
        ];
        var last = first.Outcome?.StartedAt ?? clock.GetUtcNow();
        var explainer = new ReplayExplainer(setting =>
        {
            draft.Request.Trying?.Invoke(setting.Name);
            // Two that begin in one second write the same time, and would seem to repeat each other.
            Thread.Sleep(TimeSpan.FromMilliseconds(Math.Clamp((last + ApartForExplanation - clock.GetUtcNow()).TotalMilliseconds, 0, 2000)));
            last = clock.GetUtcNow();
            return Attempt(draft, setting, out _);
        });
        return explainer.Explain(first, settings);
    }

    /// <summary>From the beginning of one attempt to that of the next.</summary>
    private static readonly TimeSpan ApartForExplanation = TimeSpan.FromSeconds(1.1);

    /// <summary>Assesses without running.</summary>
    /// <param name="run">As <see cref="ReplayRequest.Run"/>.</param>
    /// <param name="host">Another machine; null for this one.</param>
    /// <param name="strict">A warning refuses too.</param>
    /// <exception cref="Archive.ArchiveException">The run is not known.</exception>
    /// <exception cref="NotVerifiedException">It does not verify.</exception>
    public Assessment Check(string run, HostProfile? host = null, bool strict = false) => Check(Load(run).Record, host, strict);

    /// <summary>The same for many machines: the run is loaded, and verified, once. Null stands for this one.</summary>
    /// <param name="request">Of which its run, its probe and whether it is strict count.</param>
    /// <inheritdoc cref="Check(string, HostProfile?, bool)" path="/exception"/>
    public Func<HostProfile?, Assessment> CheckerOf(ReplayRequest request)
    {
        var run = Load(request.Run);
        return host => request.Probe is null ? Check(run.Record, host, request.Strict) : CheckByProbe(run, request, host);
    }

    internal Assessment Check(RunRecord record, HostProfile? host, bool strict)
    {
        var assessment = host is null
            ? ReplayFindings.Add(Assessor.Assess(record, HostProbe.Read(), InjectedHere(record), InvocationFacts.CountCpus()), FindingsHere(record))
            : Assessor.Assess(record, host);
        return strict ? Assessor.Strict(assessment) : assessment;
    }

    /// <exception cref="Archive.ArchiveException">The run is not known.</exception>
    /// <exception cref="NotVerifiedException">It does not verify.</exception>
    internal RecordedRun Load(string run) => new RunLoader(archive, _blobs, clock).Load(run); // :: Step 1

    internal ReplayResult Refuse(ReplayDraft draft)
    {
        var refused = draft.Assessment.Findings.First(finding => finding.Verdict == Verdict.Refuse);
        return Finish(draft.ToRecord(ReplayVerdict.Refused, refused.Message)) with { MissingInputs = draft.Inputs.Missing };
    }

    internal ReplayDraft Prepare(RecordedRun run, ReplayRequest request, ReplayFeed? feed)
    {
        var draft = Gather(run, request, feed, host: null);
        var assessment = Probe(draft.Assessment, draft);
        assessment = request.Strict ? Assessor.Strict(assessment) : assessment;
        var forced = Assessor.Forced(assessment);
        return draft with { Assessment = assessment, Forced = assessment.Verdict != Verdict.Refuse ? [] : request.Force ? forced : null };
    }

    private IEnumerable<Finding> FindingsHere(RunRecord run) =>
    [
        .. ReplayFindings.OfImage(
            run.Image, beside is null ? [_blobs] : [_blobs, new BlobStore(beside, Files.SyncFolder)],
            isUnpacked: new RootfsStore(beside ?? archive).Find(run.Image.Tree) is not null),
        .. ReplayFindings.OfLimits(run.Invocation.Limits, InvocationFacts.OwnLimits()),
        .. ReplayFindings.OfGroups(run.Invocation.User, IdentityMap.IsFullRoot()),
        .. ReplayFindings.OfTerminals(run, JobTerminals.FindObstacle(run)),
    ];

    /// <param name="run">Verified.</param>
    /// <param name="request">Says what it gets.</param>
    /// <param name="feed">As for <see cref="Replay(RecordedRun, ReplayRequest, ReplayFeed?)"/>.</param>
    /// <param name="host">Another machine; null for this one.</param>
    /// <returns>Not decided upon yet.</returns>
    private ReplayDraft Gather(RecordedRun run, ReplayRequest request, ReplayFeed? feed, HostProfile? host)
    {
        // :: Step 2
        int? cpusHere = host is null ? InvocationFacts.CountCpus() : null;
        host ??= HostProbe.Read();
        var assessment = Assessor.Assess(run.Record, host, InjectedHere(run.Record), cpusHere);

        // :: Step 3
        using var inputs = new InputLocator(_blobs, run.Record.Mounts, request.Binds, feed?.Files);
        var located = inputs.Locate(run.Used);
        var environment = RecordedEnvironment.Restore(
            run.Record.Environment, [.. request.Environment, .. OwnEnvironment()], out var secrets);
        using var stdin = ReplayStdin.Find(run.Record.Invocation.Stdin, _blobs);
        assessment = ReplayFindings.Add(
            assessment,
            [
                .. FindingsHere(run.Record),
                .. ReplayFindings.OfInputs(inputs.Missing, [.. located.Where(input => input.IsUnproved).Select(input => input.File.Path)]),
                .. ReplayFindings.OfSecrets(secrets, wereAsked: run.Record.Image.Captured != true),
                .. ReplayFindings.OfStdin(run.Record.Invocation.Stdin, stdin is not null || feed?.Stdin is not null),
            ]);
        var pin = ReplayPinning.Plan(request.Pin, run.Record, host, environment, ref assessment);
        return new ReplayDraft
        {
            Run = run,
            Host = host,
            Assessment = assessment,
            Forced = null,
            Inputs = inputs,
            Located = located,
            Environment = pin?.AppliedTo(environment) ?? environment,
            Pin = pin,
            Feed = feed,
            HasTerminals = JobTerminals.FindObstacle(run.Record) is null,
            Request = request,
        };
    }

    private ReplayRecord RunAndCompare(
        ReplayDraft draft,
        ContainerSpec spec,
        IReadOnlyList<ScratchMount> mounts,
        ScratchFolder scratch,
        ReplayFeed? feed)
    {
        var run = draft.Run;
        Mount[] recorded = [.. mounts.Select(made => made.Mount), .. run.Record.Mounts.Where(mount => !JobPlanner.IsBind(mount))];
        using var observer = new MountObserver(_blobs, recorded, ReplayOptions, writableOnly: true);
        using var kept = new BlobBatch(_blobs);
        using var outputs = new OutputRecorder(kept, draft.Form, feed?.MaxStreamBytes ?? RecordingLimits.Default.MaxStreamBytes);
        var content = draft.Feed?.Stdin is { } fed ? fed.Open() : ReplayStdin.Find(run.Record.Invocation.Stdin, _blobs);
        using var input = ReplayStdin.Open(run.Record.Invocation, content, draft.HasTerminals);
        using var channels = OutputChannels.ForCapture(draft.Form);
        observer.Begin();
        ContainerResult result;
        try
        {
            result = JobRecorder.RunTapped(spec with { FollowAll = draft.Request.FollowAll }, input, channels, outputs.Append, clock);
        }
        catch (Exception e) when (e is RuntimeException or SyscallException)
        {
            return draft.ToRecord(ReplayVerdict.Failed, e.Message);
        }

        var ended = RecorderOutcome.Of(result, readerLeft: false);
        var outcome = outputs.Finish(ended.Outcome);
        kept.Commit();
        var files = observer.End(ended);
        var policy = draft.Request.Policy;
        var compared = new ReplayComparer(run, _blobs, policy, scratch.Path).Compare(files, outcome, path => HostPathOf(path, mounts));
        feed?.Collect(files, outcome, path => HostPathOf(path, mounts));
        var noise = draft.Request.Purpose == ReplayPurpose.NoiseFloor ? null : AuthorNoise.Find(run.Id, archive, _blobs, clock);
        IReadOnlyList<ComparedOutput> comparison = noise is null ? compared : [.. compared.Select(noise.AddTo)];
        string? interrupted = Interruption(run.Record.Outcome, outcome);
        var verdict = interrupted is null ? OutputComparison.Judge(comparison, policy) : ReplayVerdict.Failed;
        return draft.ToRecord(verdict, interrupted ?? ReasonOf(verdict, comparison, policy)) with
        {
            Comparison = comparison,
            Pinning = draft.Pin?.Finished(result),
            Outcome = outcome,
            Sandbox = ended.Sandbox with { Notes = [.. scratch.Notes, .. ended.Sandbox.Notes] },
            Agreement = OutputComparison.Agreement(comparison),
            NoiseFloor = noise?.Record,
        };
    }

    /// <summary>Inputs were proved already, and what comes out is read where it lies: nothing is hashed ahead or kept.</summary>
    private static RecordingOptions ReplayOptions { get; } = new()
    {
        Keep = KeepMode.None,
        Limits = RecordingLimits.Default with { HashedBeforeFiles = 0 },
    };

    private static string? ReasonOf(ReplayVerdict verdict, IReadOnlyList<ComparedOutput> comparison, ComparisonPolicy policy)
    {
        if (verdict == ReplayVerdict.Reproduced)
        {
            return null;
        }

        var first = comparison.First(output => output.Decides && !policy.Accepts(output));
        string result = first.Result switch
        {
            ComparisonResult.Missing => "is missing",
            ComparisonResult.Unexpected => "was not there then",
            ComparisonResult.NotComparable => "could not be compared",
            ComparisonResult.SameContent => "has the same content in other bytes",
            ComparisonResult.WithinTolerance => "is within tolerance, and the same is asked for",
            _ => "differs",
        };
        return first.Note is null ? $"{first.Name} {result}" : $"{first.Name} {result}: {first.Note}";
    }

    /// <summary>Somebody stopped it: that says nothing about the results.</summary>
    private static string? Interruption(Outcome then, Outcome now)
    {
        const int Interrupt = 2, Terminate = 15;  // signal(7)
        return now.Signal is Interrupt or Terminate && then.Signal != now.Signal
            ? $"the job was stopped by signal {now.Signal}"
            : null;
    }

    private static string? HostPathOf(string path, IReadOnlyList<ScratchMount> mounts)
    {
        var mount = mounts.Select(made => made.Mount)
            .Where(made => ContainerPath.IsAtOrBelow(path, made.Destination))
            .MaxBy(made => made.Destination.Length);
        return mount is null ? null : ContainerPath.Join(mount.Source!, ContainerPath.RelativeTo(path, mount.Destination));
    }

    private static IReadOnlyList<InjectedFile> InjectedHere(RunRecord run) => Injection.InjectedHere.Find(run, [.. OwnEnvironment()]);

    /// <summary>Puts in what this host has under the same options; what the run's own host set for it is set again, or gone.</summary>
    /// <param name="draft">Gets what is to be said of it, and what was set aside.</param>
    /// <param name="spec">The container without.</param>
    /// <param name="isFirst">Whoever waits is told; of further attempts he was.</param>
    /// <exception cref="InjectionRefusedException">It does not fit, and was not forced.</exception>
    private static ContainerSpec Inject(ref ReplayDraft draft, ContainerSpec spec, bool isFirst)
    {
        if (draft.Run.Record.Injection is not { } injection)
        {
            return spec;
        }

        string[] searchPaths = ["LD_LIBRARY_PATH", "PATH"];
        var bare = spec with
        {
            Environment = [.. spec.Environment.Where(entry => searchPaths.Contains(entry.Name) || !injection.Variables.Contains(entry.Name))],
        };
        var request = InjectionRequest.Of(injection.Options) with
        {
            Force = draft.Request.Force,
            Environment = [.. OwnEnvironment()],
            Opened = OpenedLibraries.Of(draft.Run.Used),
        };
        var plan = InjectionPlanner.Plan(bare, request);
        Finding[] found = [.. draft.New(plan.Findings)];
        draft = draft with { Assessment = ReplayFindings.Add(draft.Assessment, found), Forced = [.. (draft.Forced ?? []).Union(plan.Forced)] };
        (isFirst && found.Length > 0 ? draft.Request.PutIn : null)?.Invoke(found);
        return plan.ApplyTo(bare);
    }

    private static IEnumerable<EnvironmentEntry> OwnEnvironment() =>
        from System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()
        select new EnvironmentEntry((string)variable.Key, (string?)variable.Value ?? "");

    private string EnsureRootfs(RunImage image)
    {
        var imported = RecordJson.ParseImage(_blobs.Read(image.Record, CanonicalJson.MaxBytes)).Predicate;
        if (imported.Manifest.Digest != image.Manifest)
        {
            throw new RecordingException(
                $"image record '{image.Record.Abbreviated}': is of manifest '{imported.Manifest.Digest}', expected '{image.Manifest}'");
        }

        var named = new NamedImage { Manifest = imported.Manifest, Tree = image.Tree, Platform = image.Platform };
        return new RootfsStore(archive).Ensure(named, new ImageImporter(_blobs), null, CancellationToken.None);
    }

    private ReplayResult Finish(ReplayRecord record)
    {
        using var key = new KeyStore(archive, Files.SyncFolder, clock).Find();
        if (key is null)
        {
            return new ReplayResult { Record = record, NotRecorded = $"archive '{archive.Root}': has no key to sign with" };
        }

        byte[] bytes = RecordJson.Serialize(new Statement<ReplayRecord>
        {
            Subject = SubjectsOf(record),
            PredicateType = StatementTypes.Replay,
            Predicate = record,
            Signer = key.Signer.PublicKey,
        });
        try
        {
            var signature = new StatementSigner(archive, clock).Sign(bytes, key);
            var intake = new RecordIntake(_blobs, Files.SyncFolder);
            var id = intake.Acknowledge(RecordKind.Replay, bytes, signature.P7s);
            var endorser = new Endorser(_blobs, Files.SyncFolder, clock, RecorderName.Current);
            var keeper = new RevocationKeeper(_blobs, Files.SyncFolder, clock, RecorderName.Current);
            string[] warnings = [.. endorser.EndorseBySecondKey(RecordKind.Replay, bytes), .. keeper.Keep(key)];
            intake.SequenceIncoming();
            return new ReplayResult { Record = record, Id = id, Warnings = [.. signature.Warnings, .. warnings] };
        }
        catch (Exception e) when (e is Archive.ArchiveException or IOException or UnauthorizedAccessException)
        {
            // The verdict stands, recorded or not: the person who waited for it is told both.
            return new ReplayResult { Record = record, NotRecorded = e.Message };
        }
    }

    /// <summary>The run it is about, and what came out this time.</summary>
    private static List<Subject> SubjectsOf(ReplayRecord record)
    {
        const int MaxSubjects = 1000;
        var run = new Subject { Name = "run", Digest = new DigestSet { Sha256 = record.Run.Hex } };
        return
        [
            run,
            .. record.Comparison.Where(output => output.Replayed is not null).Take(MaxSubjects)
                .Select(output => new Subject { Name = output.Name, Digest = output.Replayed! }),
        ];
    }
}
