using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov access set</c>.</summary>
internal sealed class AccessSetCommand : CliCommand
{
    private readonly Argument<string> _who = new("public|private|DATE")
    {
        Description = "who may read it over the web: everybody; its owner alone; everybody from a date on",
    };

    private readonly Argument<string[]> _records = new("ID|IMAGE") { Description = "runs, or images by name", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _owner = SharedOptions.Single("--owner", null, "OWNER", "whose tokens may read it meanwhile [nobody's]");

    public AccessSetCommand()
        : base("set", "say who may read a record over the web")
    {
        Arguments.Add(_who);
        Arguments.Add(_records);
        Options.Add(_owner);
    }

    public override string Remarks => """
        What is restricted is not there for others: no page, no look-up, no number, no list and no file of it, nor what
        hangs on it, replays and citations. Its digest and time stay in the log, which everybody may read. On the machine
        itself, file permissions decide.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov access set private 7f3a9c --owner ada", "only Ada reads it, with her token"),
        new("prov access set 2027-06-30 7f3a9c", "under embargo until the paper is out"),
        new("prov access set public 7f3a9c", "everybody reads it"),
    ];

    public override int Execute(CommandCall call)
    {
        var restrictions = new Restrictions(call.Workbench.Layout, call.Workbench.Time);
        string who = call.Value(_who)!;
        string? owner = call.Value(_owner);
        RecordRow[] rows = [.. call.Value(_records)!.Select(name => NamedRecord.Get(call.Workbench, name))];
        Digest[] records = [.. rows.Select(row => row.Record), .. PushedManifestsOf(call, rows)];
        if (who == "public")
        {
            if (owner is not null)
            {
                throw new UsageException("option '--owner': what everybody may read is nobody's");
            }

            if (Tombstones.InForce(call.Workbench.Finder.Tombstones(), call.Workbench.Layout).FirstOrDefault(one => records.Contains(one.Of)) is { } gone)
            {
                throw new UsageException($"'{gone.Of.Abbreviated}' is taken down, and stays so: {gone.Reason}");
            }

            restrictions.Lift(records);
        }
        else
        {
            DateTimeOffset? until = who == "private" ? null : UntilOption.Parse("who may read it", who, call.Workbench.Time.GetUtcNow());
            restrictions.Set(records, owner, until);
        }

        return ExitCodes.Success;
    }

    /// <summary>What was pushed as these images is restricted by its own digest: whoever pushes it once more has all of its bytes.</summary>
    private static IEnumerable<Digest> PushedManifestsOf(CommandCall call, IEnumerable<RecordRow> rows)
    {
        var pushed = new PushedManifests(call.Workbench.Layout, call.Workbench.Time).List().Select(one => one.Manifest.Digest).ToHashSet();
        return rows.Where(row => row.Kind == RecordKind.Image)
            .Select(row => RecordJson.ParseImage(call.Workbench.Blobs.Read(row.Record, Workbench.MaxStatementBytes)).Predicate.Manifest.Digest)
            .Where(pushed.Contains)
            .Distinct();
    }
}
