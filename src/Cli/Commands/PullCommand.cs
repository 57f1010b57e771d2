using System.CommandLine;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov pull</c>.</summary>
internal sealed class PullCommand : CliCommand
{
    private readonly Argument<string> _target = new("TARGET")
    {
        Description = "https://HOST[/REPOSITORY], or docker://HOST/REPOSITORY: an archive of prov, or any registry [REPOSITORY: prov]",
    };

    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "what was pushed there: ids, or their first digits",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly RegistryAccess _access = new();
    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public PullCommand()
        : base("pull", "fetch records that were pushed, with all they need, and take them in as import does")
    {
        Arguments.Add(_target);
        Arguments.Add(_ids);
        foreach (Option option in (Option[])[.. _access.Options, _quiet, _json])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        All of it is verified before anything is taken in; the registry is believed in nothing. Only blobs that the archive
        does not have are fetched. A pull that was interrupted goes on where it was when it is called again.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov pull https://prov.example.org 7f3a9c", "a run that somebody pushed, to be verified and repeated here"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        var target = RegistryReference.ParseTarget(call.Value(_target)!, BundleArtifactNames.Repository);
        using var client = _access.Connect(call);
        var pulled = new List<ImportedBundle>();
        foreach (string id in call.Value(_ids) ?? [])
        {
            var bundle = BundleArrival.Pull(BundleArrival.Find(target, id, client, call.Workbench), client, call.Workbench);
            pulled.Add(bundle);
            if (!call.Value(_json) && !call.Value(_quiet))
            {
                ImportPage.Print(bundle, call);
            }
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(pulled.Select(ImportReport.Of).ToArray(), CliJson.Default.ImportReportArray));
        }

        return ExitCodes.Success;
    }
}
