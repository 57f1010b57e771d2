using System.CommandLine;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov import</c>.</summary>
internal sealed class ImportCommand : CliCommand
{
    private readonly Argument<string> _source = new("FILE|DIR")
    {
        Description = "a bundle as 'prov export' writes it, compressed or not, the folder it was unpacked into, or - for standard input",
    };

    private readonly Option<bool> _quiet = SharedOptions.Quiet();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ImportCommand()
        : base("import", "take the records of a bundle into the archive, with all they need")
    {
        Arguments.Add(_source);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override string Remarks => """
        All of it is verified before anything is taken in: every digest and size, every signature, and that nothing is
        missing and nothing too much. Who signed is said; whether you trust him is yours to say, never the bundle's.
        An import that was interrupted goes on where it was when it is called again.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov import 7f3a9c1b2d3e.prov.tar", "a run that somebody sent you"),
        new("ssh cluster prov export 7f3a9c -o - | prov import -", "from one archive into another"),
    ];

    public override int Execute(CommandCall call)
    {
        call.Terminal.Quiet = call.Value(_quiet) || call.Value(_json);
        var bundle = BundleArrival.Import(call.Value(_source)!, call.Workbench);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ImportReport.Of(bundle), CliJson.Default.ImportReport));
        }
        else if (!call.Value(_quiet))
        {
            ImportPage.Print(bundle, call);
        }

        return ExitCodes.Success;
    }
}
