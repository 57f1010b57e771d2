using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov review create</c>.</summary>
internal sealed class ReviewCreateCommand : CliCommand
{
    private readonly Argument<string[]> _runs = new("ID") { Description = "the runs that reviewers shall read", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _label = SharedOptions.Single("--label", null, "TEXT", "what it is for, for lists [review]");
    private readonly Option<string> _url = SharedOptions.Single("--url", null, "URL", "of the server, so that the whole link is printed");
    private readonly UntilOption _expires = new("--expires", "it opens nothing from then on: 2027-06-30, or in 30d, 8w [never]");

    public ReviewCreateCommand()
        : base("create", "make a link by which reviewers read runs without learning whose they are")
    {
        Arguments.Add(_runs);
        foreach (Option option in (Option[])[_label, _url, _expires.Option])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Whoever has the link reads these runs as everybody would, also while they are private, with other names for
        people, machines, accounts, clusters, home folders, sources and keys. Files that a run made are sent as they are, but
        not one in which such a name stands: these are told here, before the link is. Signatures, statements, bundles and images
        are not sent, for they say who made them.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("prov review create 7f3a9c 41bd02 --expires 12w --url https://prov.example.org", "for the reviewers of a paper with two runs")];

    public override int Execute(CommandCall call)
    {
        var workbench = call.Workbench;
        var rows = call.Value(_runs)!.Select(workbench.Finder.Get).ToList();
        if (rows.Find(row => row.Kind != RecordKind.Run) is { } other)
        {
            throw new UsageException($"'{other.Record.Abbreviated}' is no run");
        }

        var identities = new Identities();
        foreach (var row in rows)
        {
            var signed = workbench.Finder.Read(row);
            identities.Add(RecordJson.ParseRun(signed.Statement.Span).Predicate, new RecordChecks(workbench, TrustPolicy.Open).Check(row).Signature.Signer);
        }

        Tell(call, rows, new Redactor(identities));
        string secret = new ReviewLinks(workbench.Layout, workbench.Time).Create(
            call.Value(_label) ?? "review", [.. rows.Select(row => row.Record)], _expires.Read(call));
        call.Terminal.Note("this is shown once:");
        call.Terminal.Line($"{call.Value(_url)?.TrimEnd('/')}/review/{secret}");
        return ExitCodes.Success;
    }

    /// <summary>What reviewers will not get, and the author can still change.</summary>
    private static void Tell(CommandCall call, IEnumerable<RecordRow> rows, Redactor redactor)
    {
        var finder = call.Workbench.Finder;
        foreach (var file in rows.SelectMany(row => finder.OutputsOf(row.Record).Concat(finder.ReadBy(row.Record)))
            .Where(file => file.Sha256 is { } digest && call.Workbench.Blobs.Contains(digest)).DistinctBy(file => file.Sha256))
        {
            using var content = File.OpenRead(call.Workbench.Layout.BlobPath(file.Sha256!));
            if (redactor.FindIn(content) is { } name)
            {
                call.Terminal.Warning($"'{file.Path}' has '{name}' in it: reviewers do not get it");
            }
        }
    }
}
