using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov access list</c>.</summary>
internal sealed class AccessListCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public AccessListCommand()
        : base("list", "list what not everybody may read over the web")
    {
        Aliases.Add("ls");
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples => [new("prov access list", "what is private, and what is under embargo")];

    public override int Execute(CommandCall call)
    {
        var restrictions = new Restrictions(call.Workbench.Layout, call.Workbench.Time).List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(restrictions.Select(RestrictionSummary.Of).ToArray(), CliJson.Default.RestrictionSummaryArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("RECORD", "OWNER", "PUBLIC");
        foreach (var restriction in restrictions)
        {
            table.Add(
                restriction.Record.Abbreviated,
                restriction.Owner ?? "nobody",
                restriction.PublicAt is { } time ? Readable.Time(time) : "never");
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
