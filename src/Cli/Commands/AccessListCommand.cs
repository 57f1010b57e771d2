using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
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

    public override IReadOnlyList<Example> Examples => [new("prov access list", "what is private, under embargo or taken down")];

    public override int Execute(CommandCall call)
    {
        var workbench = call.Workbench;
        var restrictions = new Restrictions(workbench.Layout, workbench.Time).List();
        var takenDown = Tombstones.InForce(workbench.Finder.Tombstones(), workbench.Layout);
        string KindOf(Digest digest) => workbench.Finder.Find(digest.Hex) is { } row ? StatementTypes.NameOf(row.Kind) : "manifest";
        if (call.Value(_json))
        {
            var all = restrictions.Select(one => RestrictionSummary.Of(one, KindOf(one.Record))).Concat(takenDown.Select(RestrictionSummary.Of));
            call.Terminal.Raw(JsonText.Of(all.ToArray(), CliJson.Default.RestrictionSummaryArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("RECORD", "KIND", "OWNER", "PUBLIC");
        foreach (var restriction in restrictions)
        {
            table.Add(
                restriction.Record.Abbreviated,
                KindOf(restriction.Record),
                restriction.Owner ?? "nobody",
                restriction.PublicAt is { } time ? Readable.Time(time) : "never");
        }

        foreach (var tombstone in takenDown)
        {
            table.Add(tombstone.Of.Abbreviated, StatementTypes.NameOf(tombstone.Kind), "nobody", $"taken down: {tombstone.Reason}");
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
