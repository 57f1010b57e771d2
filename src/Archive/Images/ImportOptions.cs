using Provenance.Archive.Records;

namespace Provenance.Archive.Images;

/// <summary>How an image is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>The program that imports, as the record names it.</summary>
    public required Recorder Recorder { get; init; }

    /// <summary>Who imports, as the record names them; null to say nothing.</summary>
    public ImportUser? Importer { get; init; }

    /// <summary>This machine, with the level of its processor as variant: of a multi-platform image the best that runs here is taken.</summary>
    public required Platform Host { get; init; }

    /// <summary>Taken instead of the best for this machine; without a variant, the best of that architecture.</summary>
    public Platform? Platform { get; init; }

    /// <summary>
    /// Whether layers that a manifest names are blobs of the archive already: they are read and checked, and not written once more.
    /// </summary>
    public bool LayersAreHere { get; init; }

    /// <summary>Told of the bytes of the list of files before it is written; throws when there is no room for them. Null for any amount.</summary>
    public Action<long>? Reserve { get; init; }

    public ImportLimits Limits { get; init; } = ImportLimits.Default;
}
