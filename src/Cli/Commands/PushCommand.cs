using System.CommandLine;
using System.Globalization;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov push</c>.</summary>
internal sealed class PushCommand : CliCommand
{
    private readonly Argument<string> _target = new("TARGET")
    {
        Description = "https://HOST[/REPOSITORY], or docker://HOST/REPOSITORY: an archive of prov, or any registry [REPOSITORY: prov]",
    };

    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "runs, replays or images: the first digits of their ids, or images' names",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly BundleContents _contents = new();
    private readonly Option<bool> _private = new("--private") { Description = "show it to nobody but you; an archive of prov alone obeys" };
    private readonly Option<string> _embargo = SharedOptions.Single(
        "--embargo", null, "DATE", "show it to everybody from that day on, such as 2030-12-31 in UTC; an archive of prov alone obeys");

    private readonly RegistryAccess _access = new();
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public PushCommand()
        : base("push", "send records, with everything they need, to an archive on the web or a registry")
    {
        Arguments.Add(_target);
        Arguments.Add(_ids);
        foreach (Option option in (Option[])[.. _contents.Options, _private, _embargo, .. _access.Options, _quiet, _json])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        What goes is the bundle of each ID that 'prov export' would write, as an artifact: its files are blobs of the
        registry, and those that are there are not sent again. 'prov pull' takes it from there into another archive; 'oras
        pull' makes a folder of it that 'prov import' takes. What is public in an archive already stays public, whatever is said
        later, and what is restricted stays restricted: 'prov access set' where the archive is changes it.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov push https://prov.example.org 7f3a9c", "a run and all that is needed to repeat it"),
        new("prov push https://prov.example.org 7f3a9c --embargo 2027-06-30 --token-file ~/.prov-token", "for when the paper is out"),
        new("prov push docker://registry.example.org/lab/runs 7f3a9c --chain --replays", "a whole pipeline, to any registry"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        var target = RegistryReference.ParseTarget(call.Value(_target)!, BundleArtifactNames.Repository);
        var marks = new BundleArtifactMarks { IsPrivate = call.Value(_private), EmbargoUntil = Embargo(call) };
        call.Workbench.KeepRevocationLists();
        using var client = _access.Connect(call);
        var pusher = new BundlePusher(call.Workbench.Blobs, client);
        var reports = new List<PushReport>();
        foreach (string id in call.Value(_ids) ?? [])
        {
            var bundle = _contents.Plan([id], call);
            var report = call.Terminal.WithProgress($"sending {bundle.Stem}", show => pusher.Push(
                bundle,
                marks,
                target,
                new Teller<(long Done, long Total)>(step => show(new ProgressStep(step.Done, step.Total))),
                CancellationToken.None));
            reports.Add(report);
            PushSummary.Warn(call, report);
            if (!call.Value(_json))
            {
                call.Terminal.Line(PushSummary.Words(report));
            }
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(reports.Select(PushSummary.Of).ToArray(), CliJson.Default.PushSummaryArray));
        }

        return ExitCodes.Success;
    }

    private DateOnly? Embargo(CommandCall call)
    {
        if (call.Value(_embargo) is not { } text)
        {
            return null;
        }

        if (call.Value(_private))
        {
            throw new UsageException($"option '{_embargo.Name}' cannot be used with '{_private.Name}'");
        }

        return !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? throw new UsageException($"option '{_embargo.Name}': '{text}' is no day such as 2030-12-31")
            : day > DateOnly.FromDateTime(call.Workbench.Time.GetUtcNow().UtcDateTime) ? day
            : throw new UsageException($"option '{_embargo.Name}': '{text}' is past");
    }
}
