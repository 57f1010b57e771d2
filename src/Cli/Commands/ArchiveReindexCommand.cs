using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive reindex</c>.</summary>
internal sealed class ArchiveReindexCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public ArchiveReindexCommand()
        : base("reindex", "make the catalog anew from the log and the blobs") => Options.Add(_json);

    public override string Remarks => """
        The catalog is only an index: whatever happens to it, the log and the blobs hold everything.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov archive reindex", "after catalog.db was lost, damaged or restored from elsewhere")];

    public override int Execute(CommandCall call)
    {
        ArchiveFolder.Require(call.Workbench.Layout);
        var report = call.Terminal.WithProgress("making the catalog", show => new Reindexer(call.Workbench.Blobs, Files.SyncFolder)
            .Reindex(new Teller<long>(count => show(new ProgressStep(count, null, $"making the catalog: {count} records"))), CancellationToken.None));
        foreach (string problem in report.Problems)
        {
            call.Terminal.Warning(problem);
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(report, CliJson.Default.ReindexReport));
        }
        else
        {
            call.Terminal.Note($"the catalog holds {report.Records} records");
        }

        return report.Problems.Count == 0 ? ExitCodes.Success : ExitCodes.Differs;
    }
}
