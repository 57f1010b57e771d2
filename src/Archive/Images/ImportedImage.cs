using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images;

/// <summary>An image that is in the archive now, without a name yet and without a signed record.</summary>
public sealed record ImportedImage
{
    public required Descriptor Manifest { get; init; }

    /// <summary>The multi-platform index it came in, if it did.</summary>
    public Descriptor? Index { get; init; }

    public required Descriptor Config { get; init; }

    /// <summary>Digest of the tree manifest.</summary>
    public required Digest Tree { get; init; }

    public required Platform Platform { get; init; }

    /// <summary>The names that the source gave it, as they stand there; may be none.</summary>
    public required IReadOnlyList<string> SourceNames { get; init; }

    /// <summary>The predicate to be signed.</summary>
    public required ImageRecord Record { get; init; }

    /// <summary>An image that came with its record.</summary>
    public static ImportedImage Of(ImageRecord record) => new()
    {
        Manifest = record.Manifest,
        Index = record.Index,
        Config = record.Config,
        Tree = record.Tree.Digest,
        Platform = record.Platform,
        SourceNames = [],
        Record = record,
    };
}
