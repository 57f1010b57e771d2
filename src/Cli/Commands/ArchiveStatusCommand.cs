using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;

namespace Provenance.Cli.Commands;

/// <summary><c>prov archive status</c>.</summary>
internal sealed class ArchiveStatusCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public ArchiveStatusCommand()
        : base("status", "show where the archive is and what it holds, in numbers") => Options.Add(_json);

    public override IReadOnlyList<Example> Examples => [new("prov archive status", "where it is, how much is in it")];

    public override int Execute(CommandCall call)
    {
        var status = ArchiveStatus.Read(
            call.Workbench.Blobs, Files.SyncFolder, () => DiskUse.Below(call.Workbench.Rootfs.CacheFolder));
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(status, CliJson.Default.ArchiveStatus));
            return ExitCodes.Success;
        }

        var page = new PageWriter(call.Terminal);
        page.Heading($"archive {status.Root}");
        page.Field("records", $"{Count(status.Runs, "run")}, {Count(status.Replays, "replay")}, {Count(status.Images, "image")}"
            + (status.Endorsements > 0 ? $", {Count(status.Endorsements, "endorsement")}" : "")
            + (status.Citations > 0 ? $", {Count(status.Citations, "citation")}" : ""));
        page.Field("blobs", $"{status.Blobs}, {Readable.Bytes(status.BlobBytes)}"
            + (status.MaxBytes is { } most ? $" of {Readable.Bytes(most)} (max_bytes)" : "")
            + (status.Dropped > 0 ? $"; {status.Dropped} were dropped by gc or left out of bundles" : ""));
        page.Field("free", Readable.Bytes(status.FreeBytes)
            + (status.MinFreeBytes is { } least ? $", at least {Readable.Bytes(least)} (min_free_bytes)" : ""));
        page.Field("log", $"{status.LogSize} entries, {Readable.Bytes(status.LogBytes)}"
            + (status.Incoming > 0 ? $"; {status.Incoming} records wait" : ""));
        page.Field("catalog", Readable.Bytes(status.CatalogBytes));
        page.Field("cache", $"{Readable.Bytes(status.CacheBytes)}; deleting it loses nothing");
        return ExitCodes.Success;
    }

    private static string Count(long count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";
}
