using System.CommandLine;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime;
using Provenance.Runtime.Host;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Native;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Commands;

/// <summary><c>prov run</c>: nothing here may cost time that <c>/bin/true</c> does not.</summary>
internal sealed class RunCommand : CliCommand
{
    private readonly Argument<string?> _image = new("IMAGE")
    {
        Description = "a name in the archive, or docker-archive:FILE, oci:DIR, oci-archive:FILE, tar:FILE, dir:DIR, or a path; "
            + "what is not in the archive yet is imported first; without one, this machine's own files are the image",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly RecordOptions _record = new();
    private readonly ContainerOptions _container = new();
    private readonly PinOptions _pin = new(isReplay: false);
    private readonly PlatformOption _platform = new();
    private readonly Option<bool> _explainSigill = new("--explain-sigill")
    {
        Description = "follow all of the job's processes, so that one which ends by SIGILL is explained however many there are",
    };

    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json(
        "report the run as one JSON document on standard error, in place of our lines: standard output is the job's");

    public RunCommand()
        : base("run", "run a job in a container, or on this machine's own files, and record it when asked")
    {
        Arguments.Add(_image);
        _record.AddTo(this);
        _container.AddTo(this);
        Options.Add(_pin.Cpu);
        Options.Add(_pin.Mode.Option);
        Options.Add(_pin.Emulate);
        Options.Add(_platform.Option);
        Options.Add(_explainSigill);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override bool TakesJob => true;

    public override string JobUsage => "[-- COMMAND…]";

    public override string Remarks => """
        The job sees the image's files, read-only; the current folder, writable, at its own path; an empty /tmp; the
        host's network; nothing of your home and nothing of your environment but what you pass on. Without COMMAND the
        image's own is run. Its standard output, its exit status and its signals are the job's.

        Without IMAGE the job sees this machine as you do: your files, writable as they are, and your environment; set-uid
        programs such as sudo get no rights. Recorded, the programs, libraries and system files that it used become an
        image, with which 'prov replay' runs it anywhere; what it read of your own stays input, as with an image.
        """;

    /// <summary>It asks itself, when it comes to that.</summary>
    public override bool NeedsOpenSsl => false;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov run debian -- cat /etc/os-release", "run a command in an image of the archive"),
        new("prov run --record debian -- python3 fit.py data.csv", "the same with a signed record of what made the results"),
        new("prov run --record --twice debian -- ./simulate", "record it, and see at once whether its results vary by themselves"),
        new("prov run -v /data:/data:ro -e OMP_NUM_THREADS=4 debian -- ./solve", "show a folder to the job, read-only, and set a variable"),
        new("mpiexec -n 4 prov run --mpi host solver -- ./solve", "let each rank use this machine's MPI in place of the image's"),
        new("prov run --device nvidia.com/gpu=0 torch -- python3 train.py", "give the job a device that a CDI specification describes"),
        new("prov run --record -- python3 fit.py data.csv", "record a run of what is installed here, in no container"),
        new("prov run --record --pin-cpu=v2 debian -- python3 fit.py", "let numeric libraries choose code that every newer CPU has, too"),
        new("prov run docker-archive:tool.tar -- tool --version", "import an image and run it"),
    ];

    public override int Execute(CommandCall call)
    {
        string? reference = call.Value(_image);
        if (reference is null)
        {
            RefuseWithoutImage(call);
        }

        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        var recording = _record.Read(call, reference is null);
        var pin = _pin.Read(call);
        var platform = _platform.Read(call);
        var request = _container.Read(call, reference);
        var injection = _container.ReadInjection(call);
        if (recording is not null)
        {
            OpenSslLibrary.Require();
            ArchiveQuota.Check(call.Workbench.Layout, call.Workbench.Time);
        }

        (StoredImage? image, string rootfs) = reference is null
            ? (null, ContainerSpec.HostRoot)
            : new ImageResolver(call.Workbench).Resolve(reference, platform);
        var plan = JobPlanner.Plan(request(image, rootfs), Surroundings(call, withEnvironment: image is null));
        if (injection is not null)
        {
            try
            {
                plan = Inject(call, plan, injection with { Opened = EarlierRun.OpenedLibrariesOf(image!.Manifest.Digest, plan.Spec.Argv[0], call.Workbench) });
            }
            catch (InjectionRefusedException e) when (call.Value(_json))
            {
                Report(call, new RunReport { Refused = e.Findings });
                return ExitCodes.Refused;
            }
        }
        else if (image is not null)
        {
            Tell(call, InjectionPlanner.CheckLaunch(plan.Spec, InjectOptions.ReadEnvironment()));
        }

        foreach (string note in plan.Notes)
        {
            call.Terminal.Note(note);
        }

        plan = pin is null ? plan : plan.PinnedTo(pin);
        plan = plan with { Spec = plan.Spec with { FollowAll = call.Value(_explainSigill) } };
        return recording is null ? RunOnly(call, plan) : RunRecorded(call, plan, recording, pin);
    }

    /// <summary>Nothing stands before <c>--</c>, and something behind it: else an image was meant.</summary>
    private void RefuseWithoutImage(CommandCall call)
    {
        if (call.Job is not { Count: > 0 })
        {
            throw new UsageException("no image given, and no command after '--' to run on this machine's own files");
        }

        if (call.Parsed.GetResult(_platform.Option) is not null)
        {
            throw new UsageException($"option '{_platform.Option.Name}' needs an IMAGE");
        }
    }

    /// <summary>All that the rules found is said: a refusal alone would hide the next.</summary>
    private static JobPlan Inject(CommandCall call, JobPlan plan, InjectionRequest request)
    {
        try
        {
            var injected = InjectionPlanner.Apply(plan, request);
            Tell(call, injected.Injection!.Findings);
            return injected;
        }
        catch (InjectionRefusedException e)
        {
            var first = e.Findings.First(finding => finding.Verdict == Verdict.Refuse);
            foreach (var finding in e.Findings.Where(finding => finding.Verdict != Verdict.Ok && finding != first))
            {
                call.Terminal.Warning($"{finding.Rule}: {finding.Message}");
            }

            throw;
        }
    }

    private static void Tell(CommandCall call, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.Where(finding => finding.Verdict != Verdict.Ok))
        {
            call.Terminal.Warning($"{(finding.Verdict == Verdict.Refuse ? "forced: " : "")}{finding.Rule}: {finding.Message}");
        }
    }

    private int RunOnly(CommandCall call, JobPlan plan)
    {
        var result = JobRunner.Run(plan.Spec, call.Workbench.Time);
        Explain(call, result, null);
        Report(call, new RunReport
        {
            ExitCode = result.Status.ExitCode,
            Signal = result.Status.Signal,
            IllegalInstruction = result.Illegal,
            Injection = InjectionReport.Of(plan.Injection),
        });
        return result.Status.ShellCode;
    }

    private int RunRecorded(CommandCall call, JobPlan plan, RecordingOptions options, PinRequest? pin)
    {
        call.Workbench.EnsureKey();
        var recorder = new JobRecorder(SelfCommand.For(RecorderCommandName.Text), call.Workbench.Layout, call.Workbench.Time);
        var result = recorder.Run(plan, options);
        Explain(call, result.Container, result.Run);
        if (result.Run is { } run)
        {
            call.Terminal.Note($"recorded run {run.Abbreviated}");
            foreach (string note in result.Notes)
            {
                call.Terminal.Warning(note);
            }
        }
        else
        {
            call.Terminal.Warning($"the run was not recorded: {Failure.Reword(result.NotRecorded ?? "")}");
        }

        bool? agrees = result.Run is { } recorded && _record.ReadTwice(call) ? RunAgain(call, plan, recorded, pin) : null;
        var status = result.Container.Status;
        Report(call, new RunReport
        {
            Run = result.Run?.Hex,
            NotRecorded = result.NotRecorded,
            ExitCode = status.ExitCode,
            Signal = status.Signal,
            IllegalInstruction = result.Container.Illegal,
            Agrees = agrees,
            Injection = InjectionReport.Of(plan.Injection),
        });
        return status.ShellCode;
    }

    private static JobSurroundings Surroundings(CommandCall call, bool withEnvironment)
    {
        var surroundings = JobSurroundings.Current(withEnvironment);
        var odd = ByteWords.OddVariables(surroundings.Environment.Select(entry => KeyValuePair.Create(entry.Name, entry.Value)));
        foreach (string name in odd)
        {
            call.Terminal.Warning($"variable '{name}': its value is not UTF-8, and the job does not get it");
        }

        return surroundings with { Environment = [.. surroundings.Environment.Where(entry => !odd.Contains(entry.Name))] };
    }

    private void Explain(CommandCall call, ContainerResult result, Digest? run)
    {
        if (result.NotPinned is { } reason)
        {
            call.Terminal.Warning($"the CPU was pinned by variables alone: {reason}");
        }

        // The JSON document has it.
        if (call.Value(_json))
        {
            return;
        }

        if (result.Illegal is { } illegal)
        {
            call.Terminal.Warning(IllegalInstructionWords.Of(illegal));
        }
        else if (result.IsIllegalUnexplained)
        {
            call.Terminal.Warning(IllegalInstructionWords.Unknown);
            SayWhatIsLacking(call, run);
            call.Terminal.Hint(Hints.ForIllegalInstruction);
        }
    }

    /// <summary>What the record says that its programs need, and this CPU has not.</summary>
    private static void SayWhatIsLacking(CommandCall call, Digest? run)
    {
        if (run is null)
        {
            return;
        }

        try
        {
            var assessment = new Replayer(call.Workbench.Layout, call.Workbench.Time).Check(run.Hex);
            var lacking = assessment.Findings.Where(f => f.Verdict != Verdict.Ok && f.Rule.StartsWith("CPU-", StringComparison.Ordinal));
            foreach (var finding in lacking)
            {
                call.Terminal.Warning($"{finding.Rule}: {finding.Message}");
            }
        }
        catch (Exception e) when (e is Archive.ArchiveException or RuntimeException or IOException or UnauthorizedAccessException)
        {
            // The run is recorded and over; what it may have lacked is a help, not a result.
        }
    }

    /// <summary>The author's second run, as a replay: whether the results vary, and how much, is kept beside the run.</summary>
    /// <returns>Null when it could not be made.</returns>
    private static bool? RunAgain(CommandCall call, JobPlan plan, Digest run, PinRequest? pin)
    {
        var stdin = RecordJson.ParseRun(call.Workbench.Blobs.Read(run, CanonicalJson.MaxBytes)).Predicate.Invocation.Stdin;
        if (!stdin.CanBeGivenAgain())
        {
            // A second run would read nothing, and what comes of that is no measure of how much results vary.
            string what = stdin.Kind == "other" ? "neither a file nor a pipe" : $"a {stdin.Kind}{(stdin.Digest is null ? "" : " that was not kept")}";
            call.Terminal.Warning($"a second run was not made: standard input was {what}, and cannot be given again");
            call.Terminal.Hint(Hints.ForTwiceWithoutInput);
            return null;
        }

        try
        {
            var result = new Replayer(call.Workbench.Layout, call.Workbench.Time).Replay(new ReplayRequest
            {
                Run = run.Hex,
                Environment = plan.Spec.Environment,
                Pin = pin,
                Purpose = ReplayPurpose.NoiseFloor,
            });
            switch (result.Record.Verdict)
            {
                case ReplayVerdict.Reproduced:
                    call.Terminal.Note("a second run gave the same results");
                    return true;
                case ReplayVerdict.Differs:
                    call.Terminal.Warning($"a second run did not give the same results: {result.Record.Reason}");
                    return false;
                default:
                    call.Terminal.Warning($"a second run could not be made: {Failure.Reword(result.Record.Reason ?? ReplayWords.Of(result.Record.Verdict))}");
                    return null;
            }
        }
        catch (Exception e) when (e is Archive.ArchiveException or RuntimeException or SyscallException or IOException or UnauthorizedAccessException)
        {
            // The run is recorded; its exit status is the job's, whatever becomes of the second one.
            call.Terminal.Warning($"a second run could not be made: {Failure.Reword(e.Message)}");
            return null;
        }
    }

    private void Report(CommandCall call, RunReport report)
    {
        if (call.Value(_json))
        {
            call.Terminal.RawError(JsonText.Of(report, CliJson.Default.RunReport));
        }
    }
}
