using System.CommandLine;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive gc</c>.</summary>
internal sealed class ArchiveGcCommand : CliCommand
{
    private readonly Option<bool> _dryRun = new("--dry-run", "-n") { Description = "remove nothing, say what would be" };
    private readonly AgeOption _olderThan = new("--older-than", "spare what was written or relied on since [1d]");
    private readonly AgeOption _contents = new(
        "--drop-contents", "drop also the kept files and streams of runs that ended longer ago; their records stay");

    private readonly Option<string[]> _keepRuns = SharedOptions.Repeatable(
        "--keep-run", null, "ID", "not of this run; may be given again");

    private readonly Option<string[]> _keepLabels = SharedOptions.Repeatable(
        "--keep-label", null, "NAME[=VALUE]", "not of runs with this label; may be given again");

    private readonly AgeOption _cache = new("--cache", "remove also unpacked images that no job used since, and other caches");
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ArchiveGcCommand()
        : base("gc", "remove what nothing needs, and what old runs kept when asked")
    {
        foreach (Option option in (Option[])
            [_dryRun, _olderThan.Option, _contents.Option, _keepRuns, _keepLabels, _cache.Option, _quiet, _json])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Records, signatures and the log are never removed. Needed are all images that have a name or that a run was made
        in, and what runs kept. What goes and is named by a record is noted in the archive, so that fsck, verify and show
        say that it was dropped, and when. Jobs may be recorded meanwhile: what a living process has written is spared.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov archive gc --dry-run", "what is there that nothing needs?"),
        new("prov archive gc --drop-contents 90d --keep-label paper", "forget the outputs of old runs, but of those for a paper"),
        new("prov archive gc --cache 7d", "remove unpacked images too that no job used for a week: they are unpacked again when needed"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet);
        bool dryRun = call.Value(_dryRun);
        var cacheAge = _cache.Read(call);
        var options = Read(call, dryRun);
        var collector = new GarbageCollector(call.Workbench.Blobs, Files.SyncFolder, call.Workbench.Time);
        var summary = new GcSummary
        {
            Blobs = call.Terminal.WithProgress("reading the records", _ => collector.Collect(options, CancellationToken.None)),
            Cache = cacheAge is { } age ? new CachePruner(call.Workbench.Layout, call.Workbench.Time).Prune(age, dryRun) : null,
        };
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(summary, CliJson.Default.GcSummary));
        }
        else if (!call.Value(_quiet))
        {
            Print(summary, call.Terminal);
        }

        return ExitCodes.Success;
    }

    private GcOptions Read(CommandCall call, bool dryRun)
    {
        var contents = _contents.Read(call);
        string[] runs = [.. call.Values(_keepRuns)];
        string[] labels = [.. call.Values(_keepLabels)];
        if (contents is null && runs.Length + labels.Length > 0)
        {
            throw new UsageException($"option '{(runs.Length > 0 ? _keepRuns : _keepLabels).Name}' needs '{_contents.Option.Name}'");
        }

        var options = new GcOptions { DryRun = dryRun, KeepLabels = [.. labels.Select(ParseLabel)] };
        var olderThan = _olderThan.Read(call) ?? options.OlderThan;
        ArchiveFolder.Require(call.Workbench.Layout);
        return options with
        {
            OlderThan = olderThan,
            DropContents = contents,
            KeepRuns = runs.Select(run => call.Workbench.Finder.Get(run).Record).ToHashSet(),
        };
    }

    private static Label ParseLabel(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts[0].Length > 0
            ? new Label { Name = parts[0], Value = parts.Length == 2 ? parts[1] : "" }
            : throw new UsageException($"option '--keep-label': '{text}' is not NAME[=VALUE]");
    }

    private static void Print(GcSummary summary, Terminal terminal)
    {
        var blobs = summary.Blobs;
        string verb = blobs.DryRun ? "would remove" : "removed";
        Line(blobs.Images, "blobs of images without a name and a run");
        Line(blobs.Contents, "contents of old runs");
        Line(blobs.Unreferenced, "blobs that nothing names");
        Line(blobs.Leftovers, "half-written files");
        Line(summary.Cache ?? GcTally.None, "unpacked images and cached files");
        if (blobs.Young.Count > 0)
        {
            terminal.Line($"spared {Text(blobs.Young, "blobs that nothing needs")}, written since {Readable.Time(blobs.Before)}");
        }

        terminal.Line($"needed are {Text(blobs.Needed, "blobs")}");

        void Line(GcTally tally, string what)
        {
            if (tally.Count > 0)
            {
                terminal.Line($"{verb} {Text(tally, what)}");
            }
        }
    }

    private static string Text(GcTally tally, string what) => $"{tally.Count} {what} ({Readable.Bytes(tally.Bytes)})";
}
