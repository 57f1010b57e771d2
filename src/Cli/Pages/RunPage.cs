using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;

namespace Provenance.Cli.Pages;

/// <summary>A run: what it was, in what, on what, from what, what came of it, and what nobody saw.</summary>
internal sealed partial class RunPage(RunRecord run, Workbench workbench)
{
    private const int BuildIdDigits = 12;
    private const int FilesShown = 20;
    private const int VariablesShown = 30;

    private readonly PageWriter _page = new(workbench.Terminal);
    private readonly DroppedBlobs _dropped = new(workbench.Layout);

    public void Print(RecordRow row)
    {
        var known = workbench.Finder.FindRun(row.Record);
        _page.Heading($"run {row.Record.Abbreviated}");
        _page.Field("id", row.Record.Hex);
        _page.Field("signed by", known?.SignerName);
        _page.Field("recorded by", $"{run.Recorder.Name} {run.Recorder.Version}");
        _page.Field("log entry", workbench.IsBundle ? null : row.LogIndex?.ToString() ?? "waits to be put into the log");
        _page.Field("replay of", run.ReplayOf?.Abbreviated);
        var takenDown = Tombstones.InForce(workbench.Finder.TombstonesOf(row.Record.Hex), workbench.Layout);
        _page.Field("taken down", takenDown is [var tombstone, ..] ? tombstone.Reason : null);
        foreach (var label in run.Labels)
        {
            _page.Field("label", $"{label.Name}={label.Value}");
        }

        PrintJob();
        PrintImage();
        PrintHosts();
        PrintRequirements();
        PrintInputs();
        PrintSources();
        PrintPrograms();
        PrintOutcome();
        PrintOutputs();
        var replays = workbench.Finder.ReplaysOf(row.Record);
        PrintHazards([.. run.Hazards, .. Variation(replays)]);
        PrintReplays(replays);
        PrintEndorsements(workbench.Finder.EndorsementsOf(row.Record));
        PrintCitations(workbench.Finder.CitationsOf(row.Record));
    }

    private void PrintJob()
    {
        var job = run.Invocation;
        _page.Heading("job");
        _page.Field("command", Readable.Command(job.Argv));
        _page.Field("folder", job.WorkingDirectory);
        _page.Field("user", $"{job.User.Name} ({job.User.Uid}:{job.User.Gid}), home {job.User.Home}, umask {job.Umask}");
        _page.Field("cpus", job.Affinity);
        _page.Field("network", job.Network);
        _page.Field("nesting", job.AllowNesting == true ? "the job could make namespaces and mounts of its own" : null);
        _page.Field("stdin", Input(job.Stdin));
        foreach (var terminals in (job.Terminals ?? []).GroupBy(terminal => $"{terminal.Rows} rows of {terminal.Columns} columns"))
        {
            _page.Field("terminal", $"{string.Join(", ", terminals.Select(terminal => terminal.Stream))}, {terminals.Key}");
        }

        foreach (var mount in run.Mounts)
        {
            string source = mount.Source is null ? mount.Kind : mount.Source == mount.Destination ? "" : $" from {mount.Source}";
            _page.Field("mount", $"{mount.Destination}{(source.Length > 0 ? source : "")}, {(mount.ReadOnly ? "read-only" : "writable")} ({mount.Purpose})");
        }

        foreach (var variable in run.Environment.Take(VariablesShown))
        {
            _page.Field("variable", Variable(variable));
        }

        if (run.Environment.Count > VariablesShown)
        {
            _page.Item($"… and {run.Environment.Count - VariablesShown} more");
        }
    }

    private void PrintImage()
    {
        _page.Heading("image");
        _page.Field("name", run.Image.Reference);
        if (run.Image.Captured == true)
        {
            _page.Field("captured", run.Image.Packages is { } packages
                ? $"from the machine the job ran on; files of {packages.Count} of its packages"
                : "from the machine the job ran on");
        }

        _page.Field("manifest", run.Image.Manifest.ToString());
        _page.Field("tree", run.Image.Tree.ToString());
        _page.Field("platform", run.Image.Platform.ToString());
        if (run.Image.Choice is { } choice)
        {
            string why = choice.Asked == true ? "as asked for" : $"as the best for {choice.For}";
            _page.Field("chosen", $"{why}, of {PlatformText.Of(choice.Offered)} in index {choice.Index.Abbreviated}");
        }

        _page.Field("root", run.Sandbox.Root);
    }

    private void PrintHosts()
    {
        _page.Heading(run.Hosts.Count == 1 ? "host" : "hosts");
        foreach (var host in run.Hosts)
        {
            _page.Item(HostPage.Summary(host));
        }

        if (run.Pinning is { } pinning)
        {
            _page.Field("pinned to", PinningWords.Of(pinning));
            _page.Items(pinning.NotPinned, pinning.NotPinned.Count, FilesShown, sentence => $"not pinned: {sentence}");
        }

        PrintInjection();
    }

    private void PrintInjection()
    {
        foreach (var file in run.Injected)
        {
            string[] marks =
            [
                .. new[]
                {
                    file.Soname,
                    file.DriverVersion is { } version ? $"driver {version}" : null,
                    file.BuildId is { } build ? $"build-id {build[..Math.Min(BuildIdDigits, build.Length)]}" : $"sha256 {file.Digest.Sha256[..BuildIdDigits]}",
                    file.Replaces is { Path: var hidden } && hidden != file.ContainerPath ? $"over {hidden}" : null,
                }.OfType<string>(),
            ];
            _page.Field("injected", $"{file.ContainerPath} from {file.HostPath} ({string.Join(", ", marks)})");
        }

        foreach (var place in run.Injection?.Places ?? [])
        {
            _page.Field(place.Kind, place.Target is { } target ? $"{place.ContainerPath} to {target}" : $"{place.ContainerPath} from {place.HostPath}");
        }

        foreach (var finding in run.Injection?.Findings.Where(finding => finding.Verdict != Verdict.Ok) ?? [])
        {
            _page.Field("warned", $"{finding.Rule}: {finding.Message}");
        }

        if (run.Injection is { Forced.Count: > 0 } forced)
        {
            _page.Field("forced", $"{string.Join(", ", forced.Forced)}: the job ran although this did not fit");
        }

        foreach (var code in run.GpuCode ?? [])
        {
            _page.Field("GPU code", $"{code.Path}: {GpuCodeWords.Of(code)}");
        }
    }

    private void PrintRequirements()
    {
        if (run.Requirements is { } requirements)
        {
            _page.Heading("what it asks of a machine");
            RequirementsPage.PrintSummary(requirements, _page);
        }
    }

    private void PrintInputs()
    {
        if (run is { Observation.Files: "calls", Used.Blob: { } seen })
        {
            PrintObservedInputs(seen);
            return;
        }

        _page.Heading($"inputs: {Readable.Count(run.Used.Count, "file", "files")}, {Readable.Bytes(run.Used.TotalBytes)}");
        if (run.Used.Blob is { } list)
        {
            using var lines = workbench.Blobs.Open(list);
            _page.Items(RecordLines.ReadUsed(lines).Where(f => f.Kind == FileKind.File), run.Used.Count, FilesShown, InputLine);
        }
    }

    private void PrintOutcome()
    {
        var outcome = run.Outcome;
        _page.Heading("outcome");
        _page.Field("ended", RunTable.Ending(outcome.ExitCode, outcome.Signal));
        _page.Field("because", outcome.IllegalInstruction is { } illegal ? IllegalInstructionWords.Of(illegal) : null);
        _page.Field("started", Readable.Time(outcome.StartedAt));
        _page.Field("took", $"{Readable.Duration(outcome.WallMilliseconds)}, CPU {Readable.Duration(outcome.UserCpuMilliseconds)} user "
            + $"and {Readable.Duration(outcome.SystemCpuMilliseconds)} system, at most {Readable.Bytes(outcome.PeakMemoryBytes)} of memory");
        _page.Field("stdout", Stream(outcome.Stdout));
        _page.Field("stderr", Stream(outcome.Stderr));
    }

    private void PrintOutputs()
    {
        int temporary = 0;
        ForEach(run.Generated.Blob, RecordLines.ReadGenerated, file => temporary += file.Class == FileClass.Temporary ? 1 : 0);
        int left = run.Generated.Count - temporary;
        _page.Heading($"outputs: {Readable.Count(left, "file", "files")}, {Readable.Bytes(run.Generated.TotalBytes)}");
        if (run.Generated.Blob is { } list)
        {
            using var lines = workbench.Blobs.Open(list);
            _page.Items(RecordLines.ReadGenerated(lines).Where(f => f.Class != FileClass.Temporary), left, FilesShown, OutputLine);
        }

        _page.Field("temporary", temporary == 0 ? null : $"{Readable.Count(temporary, "file", "files")}, gone when the job had ended");
    }

    /// <summary>What only another run could show: the author's own second one.</summary>
    private static IEnumerable<Hazard> Variation(IReadOnlyList<ReplayRow> replays)
    {
        string[] reasons =
        [
            .. replays.Where(replay => replay is { IsNoiseFloor: true, Verdict: ReplayVerdict.Differs })
                .Select(replay => replay.Reason).OfType<string>(),
        ];
        if (reasons.Length > 0)
        {
            yield return new Hazard
            {
                Id = "results-vary",
                Message = "the author's own second run gave other results",
                Evidence = reasons,
                Remedy = "prov replay --explain looks for the reason; --accept noise allows for as much",
            };
        }
    }

    private void PrintHazards(IReadOnlyList<Hazard> hazards)
    {
        if (hazards.Count > 0)
        {
            _page.Heading("may keep it from being reproduced");
            foreach (var hazard in hazards)
            {
                PrintHazard(hazard);
            }
        }

        var unseen = run.Observation.NotSeen.Concat(run.Sandbox.Notes).ToList();
        if (unseen.Count > 0)
        {
            _page.Heading($"not seen (observed: {run.Observation.Files})");
            _page.Items(unseen, unseen.Count, FilesShown, sentence => sentence);
        }
    }

    private void PrintReplays(IReadOnlyList<ReplayRow> replays)
    {
        if (replays.Count == 0)
        {
            return;
        }

        _page.Heading("replays");
        _page.Items(replays, replays.Count, FilesShown, r =>
            $"{r.Record.Abbreviated} {ReplayPage.Word(r.Verdict)}{(r.Forced ? " (forced)" : "")}"
            + $"{(r.IsNoiseFloor ? " (the author's second run)" : "")} on {r.Hostname} ({r.Cpu})"
            + (r.StartedAt is { } at ? $", {Readable.Time(at)}" : ""));
    }

    /// <summary>As the certificates name them: whether they are trusted is for prov verify to say.</summary>
    private void PrintEndorsements(IReadOnlyList<EndorsementRow> endorsements)
    {
        if (endorsements.Count == 0)
        {
            return;
        }

        _page.Heading("endorsed by");
        _page.Items(endorsements, endorsements.Count, FilesShown, e =>
            $"{e.Record.Abbreviated} {e.SignerName ?? "nobody: its signature does not hold"}{(e.Comment is { } comment ? $": {comment}" : "")}");
    }

    /// <summary>Whose word it is stands there: anybody can say that a paper rests on a run.</summary>
    private void PrintCitations(IReadOnlyList<CitationRow> citations)
    {
        if (citations.Count == 0)
        {
            return;
        }

        _page.Heading("papers");
        _page.Items(citations, citations.Count, FilesShown, c =>
            $"{c.Record.Abbreviated} doi:{c.Doi}{(c.Title is { } title ? $" “{title}”" : "")}, as {c.SignerName ?? "nobody"} says"
            + string.Concat(c.Figures.Select(figure => $"; {figure.Label} is {figure.Path}{Doubt(figure)}")));
    }

    /// <summary>Anybody may sign that a file is an output of a run.</summary>
    private static string Doubt(FigureRow figure) => figure.IsOutput == false ? ", which is not among its outputs" : "";

    private static string Variable(EnvironmentVariable variable) => variable.Value is { } value
        ? $"{variable.Name}={value}"
        : $"{variable.Name}: secret, its digest is {variable.ValueSha256?[..12]}";

    private string InputLine(UsedFile file) =>
        $"{Short(file.Digest, file.NotHashed)} {file.Path}, {Readable.Bytes(file.Size)}{(file.Kept ? Kept(file.Digest) : "")}";

    private string Kept(DigestSet? digest) =>
        Digest.TryParseHex(digest?.Sha256, out var sha256) ? Kept(sha256, ", kept") : ", kept";

    private string Kept(Digest digest, string kept) =>
        _dropped.Find(digest) is { } note ? $", {DroppedBlobs.FateOf(note)}" : kept;

    private string OutputLine(GeneratedFile file)
    {
        string change = file.Change switch
        {
            FileChange.Created => "created",
            FileChange.Changed => "changed",
            _ => "deleted",
        };
        return file.Change == FileChange.Deleted || file.Kind != FileKind.File
            ? $"{change} {file.Path}"
            : $"{Short(file.Digest, file.NotHashed)} {change} {file.Path}, {Readable.Bytes(file.Size)}{(file.Kept ? Kept(file.Digest) : "")}";
    }

    private static string Short(DigestSet? digest, string? notHashed) => digest?.Sha256[..12] ?? $"not hashed ({notHashed})";

    private string Input(StandardInput stdin) => stdin switch
    {
        { Kind: "null" } => "nothing (/dev/null)",
        { Kind: "pipe", Size: 0, Digest: not null } => "a pipe, of which nothing was read",
        { Digest: { } digest, Size: { } size } => $"{stdin.Kind}, {Readable.Bytes(size)}, {digest.Sha256[..12]}"
            + (stdin.Kept is null ? ", not kept" : Kept(stdin.Kept.Digest, ", kept")),
        _ => stdin.Kind,
    };

    private string? Stream(StreamOutcome? stream) => stream is null
        ? null
        : stream.Size == 0 ? "empty" : $"{Readable.Bytes(stream.Size)}, {stream.Digest.Sha256[..12]}"
            + (stream.Kept is null ? ", not kept" : Kept(stream.Kept.Digest, stream.Truncated ? ", its beginning kept" : ", kept"));
}
