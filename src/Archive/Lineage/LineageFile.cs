using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Lineage;

/// <summary>A file of a run as lineage asks for it: what it was to the run, and when the run was.</summary>
public sealed record LineageFile
{
    public required Digest Run { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required FileRole Role { get; init; }

    /// <summary>Path in the container; <c>stdin</c> or <c>stdout</c> for a stream.</summary>
    public required string Path { get; init; }

    /// <summary>Null when the content was not hashed.</summary>
    public required Digest? Sha256 { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>What the job did with an input; null when that was not observed, and it only could have read it.</summary>
    public FileUse? Use { get; init; }

    /// <summary>What follows the last slash.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
