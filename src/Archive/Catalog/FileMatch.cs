using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>A run that had to do with a file, and how.</summary>
public sealed record FileMatch
{
    public required Digest Run { get; init; }

    /// <summary>Where it stands in the list of all.</summary>
    public FilePlace? Place { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required FileRole Role { get; init; }

    /// <summary>Path in the container; <c>stdin</c>, <c>stdout</c> and <c>stderr</c> for the streams.</summary>
    public required string Path { get; init; }

    /// <summary>Null when the content was not hashed.</summary>
    public required Digest? Sha256 { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>True when the content is in the archive.</summary>
    public required bool Kept { get; init; }

    /// <summary>Of a used file; null when it was not observed.</summary>
    public FileUse? Use { get; init; }

    /// <summary>Null when it was not observed.</summary>
    public FileClass? Class { get; init; }

    /// <summary>The command line of the run, its first 4096 characters.</summary>
    public required string Command { get; init; }
}
