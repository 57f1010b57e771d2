using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Repeats the pipeline that ends in a run, from its sources on: each step gets what the steps before it have made this time.</summary>
/// <remarks>
/// 1 find the steps by lineage and verify them · 2 assess all of them · 3 refuse, before anything runs, when one is refused ·
/// 4 repeat each, passing on what it made, be it what was recorded or not.
/// The inputs that come from outside are read for the assessment and again when their step begins: hours may lie between.
/// </remarks>
public sealed class ChainReplayer(StoreLayout archive, TimeProvider clock, StoreLayout? beside = null)
{
    /// <summary>Of standard output that a later step reads, in bytes.</summary>
    private const long MaxFedStreamBytes = 20L << 30;

    private readonly BlobStore _blobs = new(archive, Files.SyncFolder);
    private readonly Replayer _replayer = new(archive, clock, beside);

    /// <param name="request">Its run is the last step. A bind counts for every step that had such a mount.</param>
    /// <param name="assessed">Told of every step before anything runs.</param>
    /// <param name="begun">Told of a step that begins, with its inputs.</param>
    /// <param name="ended">Told of what came of it.</param>
    /// <exception cref="Archive.ArchiveException">A run is not known.</exception>
    /// <exception cref="RuntimeException">One does not verify, or cannot be run for a reason that is not the record's.</exception>
    public ChainResult Replay(
        ReplayRequest request,
        Action<IReadOnlyList<ChainStepResult>>? assessed = null,
        Action<ChainStepResult>? begun = null,
        Action<ChainStepResult>? ended = null)
    {
        // :: Steps 1 and 2
        var steps = Plan(request.Run);
        RequireUse(request.Binds, steps);
        var drafts = steps.ToDictionary(step => step, step => _replayer.Prepare(step.Run, RequestOf(step, request), Feed(step, steps, null)));
        var results = steps.Select(step => ResultOf(step, steps, drafts[step].Assessment)).ToList();
        assessed?.Invoke(results);

        // :: Step 3
        if (steps.FirstOrDefault(step => drafts[step].Forced is null) is { } refused)
        {
            return Refuse(steps, drafts, results, refused);
        }

        // :: Step 4
        using var scratch = ScratchFolder.Create(request.ScratchParent ?? Path.GetTempPath(), steps[^1].Run.Id, _blobs);
        var store = new ChainStore(scratch.Path, _blobs, leave: request.KeepScratch);
        foreach (var (index, step) in steps.Index())
        {
            results[index] = Repeat(step, steps, store, request, results[index], begun);
            ended?.Invoke(results[index]);
        }

        var result = new ChainResult { Steps = results, IsRefused = false };
        scratch.IsKept = request.KeepScratch && result.Verdict != ReplayVerdict.Reproduced;
        return result with { ScratchFolder = scratch.IsKept ? scratch.Path : null };
    }

    /// <summary>Assesses every step without running any.</summary>
    /// <param name="run">The last step, as <see cref="ReplayRequest.Run"/>.</param>
    /// <param name="host">Another machine; null for this one.</param>
    /// <param name="strict">A warning refuses too.</param>
    /// <exception cref="Archive.ArchiveException">A run is not known.</exception>
    /// <exception cref="NotVerifiedException">One does not verify.</exception>
    public IReadOnlyList<ChainStepResult> Check(string run, HostProfile? host = null, bool strict = false)
    {
        var steps = Plan(run);
        return [.. steps.Select(step => ResultOf(step, steps, _replayer.Check(step.Run.Record, host, strict)))];
    }

    private IReadOnlyList<ChainStep> Plan(string run)
    {
        using var finder = RecordFinder.Open(_blobs, Files.SyncFolder);
        return ChainPlan.Of(_replayer.Load(run), finder, id => _replayer.Load(id.Hex));
    }

    private ChainStepResult Repeat(
        ChainStep step,
        IReadOnlyList<ChainStep> steps,
        ChainStore store,
        ReplayRequest request,
        ChainStepResult result,
        Action<ChainStepResult>? begun)
    {
        var fed = step.Fed.Select(file => store.Find(file) ?? file).ToList();
        if (fed.Find(file => file.HostPath is null) is { } missing)
        {
            return result with { NotRun = $"its input {missing.Path} was not made: step {missing.Step} gave no {missing.MadePath}" };
        }

        result = result with
        {
            Inputs = [.. fed.Select(file => new ChainInput(file.Path, file.Step, file.MadePath, !file.IsOther))],
        };
        begun?.Invoke(result);
        var given = step with { Fed = fed };
        var byPath = fed.Where(file => file.Path != ChainStep.Stdin).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var run = step.Run with
        {
            Used = [.. step.Run.Used.Select(file => byPath.TryGetValue(file.Path, out var made) ? made.Replace(file) : file)],
        };
        return result with { Result = _replayer.Replay(run, RequestOf(step, request), Feed(given, steps, store)) };
    }

    /// <param name="step">With what it is fed so far.</param>
    /// <param name="steps">All of them.</param>
    /// <param name="store">Null when nothing runs yet.</param>
    private static ReplayFeed Feed(ChainStep step, IReadOnlyList<ChainStep> steps, ChainStore? store)
    {
        var wanted = steps.SelectMany(later => later.Fed).Where(file => file.Step == step.Number).ToList();
        return new ReplayFeed
        {
            Chain = new ReplayChain { Run = steps[^1].Run.Id, Step = step.Number, Steps = steps.Count },
            Files = step.Fed.Where(file => file.Path != ChainStep.Stdin).ToDictionary(file => file.Path, StringComparer.Ordinal),
            Stdin = step.Fed.FirstOrDefault(file => file.Path == ChainStep.Stdin),
            MaxStreamBytes = wanted.Exists(file => file.MadePath == ChainStep.Stdout)
                ? MaxFedStreamBytes
                : RecordingLimits.Default.MaxStreamBytes,
            Collect = (files, outcome, hostPathOf) => store?.Take(wanted, files, outcome, hostPathOf),
        };
    }

    private ChainResult Refuse(
        IReadOnlyList<ChainStep> steps,
        Dictionary<ChainStep, ReplayDraft> drafts,
        IReadOnlyList<ChainStepResult> results,
        ChainStep first)
    {
        var refused = results.Zip(steps, (result, step) => drafts[step].Forced is null
            ? result with { Result = _replayer.Refuse(drafts[step]) }
            : result with { NotRun = $"step {first.Number} is refused" });
        return new ChainResult { Steps = [.. refused], IsRefused = true };
    }

    private static ChainStepResult ResultOf(ChainStep step, IReadOnlyList<ChainStep> steps, Assessment assessment) => new()
    {
        Number = step.Number,
        Steps = steps.Count,
        Run = step.Run.Id,
        Argv = step.Run.Record.Invocation.Argv,
        Assessment = assessment,
    };

    private static ReplayRequest RequestOf(ChainStep step, ReplayRequest request) => request with
    {
        Run = step.Run.Id.Hex,
        Binds = [.. request.Binds.Where(bind => IsOf(bind, step))],
        Assessed = null,
        PutIn = null,
    };

    private static bool IsOf(BindMount bind, ChainStep step) => step.Run.Record.Mounts.Where(JobPlanner.IsBind)
        .Any(mount => ContainerPath.IsAtOrBelow(ContainerPath.Normalize(bind.Destination), mount.Destination));

    private static void RequireUse(IReadOnlyList<BindMount> binds, IReadOnlyList<ChainStep> steps)
    {
        if (binds.FirstOrDefault(bind => !steps.Any(step => IsOf(bind, step))) is { } idle)
        {
            throw new BindException(idle.Destination, "is in no folder that a run of the chain had mounted");
        }
    }
}
