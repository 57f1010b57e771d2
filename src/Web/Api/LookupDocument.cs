using Provenance.Web.Lookups;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>What was found for what somebody holds, and how it was understood.</summary>
internal sealed record LookupDocument
{
    public required QueryKind Kind { get; init; }

    /// <summary>The interpretation, in words.</summary>
    public required string Understood { get; init; }

    /// <summary>The one page that is meant, where it is clear.</summary>
    public string? Page { get; init; }

    public required IReadOnlyList<RecordItem> Records { get; init; }

    public required IReadOnlyList<FileItem> MadeBy { get; init; }

    public required IReadOnlyList<FileItem> UsedBy { get; init; }

    public required IReadOnlyList<ImageDocument> Images { get; init; }

    public required IReadOnlyList<CitationItem> Citations { get; init; }

    public required IReadOnlyList<SignerDocument> Signers { get; init; }

    public required IReadOnlyList<RunItem> Runs { get; init; }

    public static LookupDocument Of(LookupResult found) => new()
    {
        Kind = found.Query.Kind,
        Understood = found.Query.Words,
        Page = found.Page,
        Records = [.. found.Records.Select(row => new RecordItem(row.Record.Hex, row.Kind, Paths.Record(row.Kind, row.Record)))],
        MadeBy = [.. found.MadeBy.Select(FileItem.Of)],
        UsedBy = [.. found.UsedBy.Select(FileItem.Of)],
        Images = [.. found.Images.Select(ImageDocument.Of)],
        Citations = [.. found.Citations.Select(CitationItem.Of)],
        Signers = [.. found.Signers.Select(SignerDocument.Of)],
        Runs = [.. found.Runs.Select(RunItem.Of)],
    };
}
