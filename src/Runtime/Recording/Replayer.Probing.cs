using Provenance.Archive.Compatibility;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Trying under qemu what an assessment is in doubt of.</summary>
/// <remarks>The job runs as in a replay, but without network and for so long at most, and what it makes goes away with its scratch folder.</remarks>
public sealed partial class Replayer
{
    private const string Core = "core";

    /// <summary>What the run lacks for a trial, such as an input, is no finding about the machine that is asked about.</summary>
    private Assessment CheckByProbe(RecordedRun run, ReplayRequest request, HostProfile? host)
    {
        using var lease = WriterLease.TryTake(archive);
        var assessment = Check(run.Record, host, strict: false);
        if (ReplayProbing.IsInDoubt(assessment))
        {
            assessment = Probe(assessment, Gather(run, request, null, host));
        }

        return request.Strict ? Assessor.Strict(assessment) : assessment;
    }

    /// <param name="assessment">Of the draft's host.</param>
    /// <param name="draft">Its request says whether, and for how long.</param>
    private Assessment Probe(Assessment assessment, ReplayDraft draft)
    {
        if (draft.Request.Probe is not { } limit || !ReplayProbing.IsInDoubt(assessment))
        {
            return assessment;
        }

        var probe = new CpuProbe { Result = CpuProbeResult.NotTried, NotEmulated = [], LimitSeconds = (int)limit.TotalSeconds };
        return ReplayProbing.Answer(assessment, Try(probe, draft, limit), draft);
    }

    private CpuProbe Try(CpuProbe probe, ReplayDraft draft, TimeSpan limit)
    {
        if (ReplayProbing.FindObstacle(draft) is { } obstacle)
        {
            return probe with { Reason = obstacle };
        }

        ContainerResult result;
        bool isCut;
        try
        {
            var emulator = Emulator.FindAs(draft.Host.Cpu);
            draft.Request.Probing?.Invoke();
            result = RunUnder(emulator, draft, limit, out isCut);
            probe = probe with { Emulator = emulator.Version, Cpu = emulator.Variable.Value, NotEmulated = emulator.NotEmulated };
        }
        catch (Exception e) when (e is RuntimeException or SyscallException or Archive.ArchiveException or IOException or UnauthorizedAccessException)
        {
            // Whatever stands in the way of a trial leaves the question where it was.
            return probe with { Reason = e.Message };
        }

        return result.Status.Signal is Signals.SIGINT or Signals.SIGTERM && result.Status.Signal != draft.Run.Record.Outcome.Signal
            ? throw new RecordingException($"the trial under qemu was stopped by signal {result.Status.Signal}")
            : ReplayProbing.Judge(probe, result, isCut, draft);
    }

    private ContainerResult RunUnder(Emulator emulator, ReplayDraft draft, TimeSpan limit, out bool isCut)
    {
        var run = draft.Run;
        using var use = new RootfsStore(archive).Use(run.Record.Image.Tree);
        using var stdin = ReplayStdin.Find(run.Record.Invocation.Stdin, _blobs) ?? ReplayStdin.Empty();
        using var sink = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        using var scratch = ScratchFolder.Create(draft.Request.ScratchParent ?? Path.GetTempPath(), run.Id, _blobs);
        var mounts = scratch.Fill(run, draft.Located.ToDictionary(input => input.File.Path, StringComparer.Ordinal), draft.Inputs.PlaceOf);
        var alone = run.Record with { Invocation = run.Record.Invocation with { Network = "none" } };
        EnvironmentEntry[] environment = [.. draft.Environment.Where(entry => entry.Name != emulator.Variable.Name), emulator.Variable];
        var spec = ReplaySpec.Of(alone, EnsureRootfs(run.Record.Image), environment, mounts, scratch.Path);
        int nowhere = (int)sink.DangerousGetHandle();
        spec = spec with
        {
            Emulator = emulator,
            FollowAll = true,
            Streams = new StandardStreams((int)stdin.DangerousGetHandle(), nowhere, nowhere),
            // qemu writes cores of its own, of all that a job has.
            Limits = [.. spec.Limits.Where(one => one.Name != Core), new ResourceLimit { Name = Core, Soft = 0, Hard = 0 }],
        };
        return JobRunner.Run(spec, clock, limit, out isCut);
    }
}
