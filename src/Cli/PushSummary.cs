using Provenance.Archive.Distribution;

namespace Provenance.Cli;

/// <summary>What <c>prov push --json</c> and <c>prov image push --json</c> print.</summary>
internal sealed record PushSummary
{
    /// <summary>Host, repository and tag.</summary>
    public required string Reference { get; init; }

    /// <summary>What the tag stands for now.</summary>
    public required string Manifest { get; init; }

    public required int SentBlobs { get; init; }

    /// <summary>In bytes.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Blobs that were there.</summary>
    public required int PresentBlobs { get; init; }

    /// <summary>In bytes.</summary>
    public required long PresentBytes { get; init; }

    /// <summary>Signed records that were put beside it.</summary>
    public required IReadOnlyList<string> Referrers { get; init; }

    /// <summary>What the registry said beside taking it.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public static PushSummary Of(PushReport report) => new()
    {
        Reference = report.Reference,
        Manifest = report.Manifest.ToString(),
        SentBlobs = report.SentBlobs,
        SentBytes = report.SentBytes,
        PresentBlobs = report.PresentBlobs,
        PresentBytes = report.PresentBytes,
        Referrers = [.. report.Referrers.Select(referrer => referrer.ToString())],
        Warnings = report.Warnings,
    };

    public static void Warn(CommandCall call, PushReport report)
    {
        foreach (string warning in report.Warnings)
        {
            call.Terminal.Warning($"registry of '{report.Reference}': {warning}");
        }
    }

    /// <summary>In one line.</summary>
    public static string Words(PushReport report) => $"{report.Reference}: manifest {report.Manifest.Abbreviated}, sent "
        + $"{Readable.Count(report.SentBlobs, "blob", "blobs")} ({Readable.Bytes(report.SentBytes)}), "
        + $"{report.PresentBlobs} there before ({Readable.Bytes(report.PresentBytes)})";
}
