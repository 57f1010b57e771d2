using System.Text.Json;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>Everything about one run.</summary>
internal sealed record RunDocument
{
    public required RunItem Run { get; init; }

    /// <summary>Of its page, absolute.</summary>
    public required string Address { get; init; }

    /// <summary>Its place in the log, from 0; absent while it waits.</summary>
    public long? LogEntry { get; init; }

    public required VerificationDocument Verification { get; init; }

    /// <summary>The first of them; all are in the record's list.</summary>
    public required IReadOnlyList<FileItem> Outputs { get; init; }

    public required int OutputCount { get; init; }

    /// <inheritdoc cref="Outputs"/>
    public required IReadOnlyList<FileItem> Inputs { get; init; }

    public required int InputCount { get; init; }

    public required IReadOnlyList<ReplayItem> Replays { get; init; }

    public required IReadOnlyList<CitationItem> Citations { get; init; }

    /// <summary>What its programs and libraries ask of a machine; absent where that was not recorded.</summary>
    public RunRequirements? Requirements { get; init; }

    /// <summary>The in-toto statement that was signed. Its exact bytes are at <c>record.json</c>.</summary>
    public required JsonElement Statement { get; init; }

    public static RunDocument Of(RunPage page, byte[] statement) => new()
    {
        Run = RunItem.Of(page.Row),
        Address = page.Address,
        LogEntry = page.Row.LogIndex,
        Verification = VerificationDocument.Of(page.Judged),
        Outputs = [.. page.Outputs.Files.Select(FileItem.Of)],
        OutputCount = page.Outputs.Count,
        Inputs = [.. page.Inputs.Files.Select(FileItem.Of)],
        InputCount = page.Inputs.Count,
        Replays = [.. page.Replays.Select(ReplayItem.Of)],
        Citations = [.. page.Citations.Select(CitationItem.Of)],
        Requirements = RunRequirements.Of(page.Record),
        Statement = JsonElement.Parse(statement),
    };
}
