using System.CommandLine;
using System.Globalization;
using Provenance.Archive.Access;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov review list</c>.</summary>
internal sealed class ReviewListCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public ReviewListCommand()
        : base("list", "list the links for reviewers, without their secrets")
    {
        Aliases.Add("ls");
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples => [new("prov review list", "what they open, and until when")];

    public override int Execute(CommandCall call)
    {
        var links = new ReviewLinks(call.Workbench.Layout, call.Workbench.Time).List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(links.Select(ReviewSummary.Of).ToArray(), CliJson.Default.ReviewSummaryArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("ID", "LABEL", "EXPIRES", "RUNS");
        foreach (var link in links)
        {
            table.Add(
                link.Id.ToString(CultureInfo.InvariantCulture),
                link.Label,
                AccessWords.End(link.RevokedAt, link.ExpiresAt),
                string.Join(' ', link.Records.Select(record => record.Abbreviated)));
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
