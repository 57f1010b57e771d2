using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>A file that joins two runs, as <c>prov tree --json</c> prints it.</summary>
internal sealed record LineageFileReport
{
    /// <summary>The run at the other end, 64 hex digits.</summary>
    public required string Run { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Path in the container that made it; <c>stdout</c> for what was printed.</summary>
    public required string MadePath { get; init; }

    /// <summary>Path in the container that used it; <c>stdin</c> for standard input.</summary>
    public required string UsedPath { get; init; }

    /// <summary>What the run did with it; null when the record only says that the run could have read it.</summary>
    public FileUse? Use { get; init; }

    /// <summary>Other runs that made the same content in time.</summary>
    public required IReadOnlyList<string> Alternatives { get; init; }

    public static LineageFileReport Of(Digest otherEnd, LinkedFile file) => new()
    {
        Run = otherEnd.Hex,
        Sha256 = file.Used.Sha256!.Hex,
        Size = file.Used.Size,
        MadePath = file.Made.Path,
        UsedPath = file.Used.Path,
        Use = file.Used.Use,
        Alternatives = [.. file.Alternatives.Select(run => run.Hex)],
    };
}
