namespace Provenance.Archive.Images;

/// <summary>How far an import has come.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="BytesRead">Of the source, as it is packed.</param>
/// <param name="BytesTotal">Null when it cannot be known, as from a pipe.</param>
/// <param name="Entries">Entries of layers read.</param>
public readonly record struct ImportProgress(ImportPhase Phase, long BytesRead, long? BytesTotal, long Entries);

/// <summary>What an import is doing.</summary>
public enum ImportPhase
{
    /// <summary>A source that has to be read twice is being put where that is possible.</summary>
    Spooling,

    /// <summary>Layers are read, checked, kept and unpacked.</summary>
    Layers,

    /// <summary>All was read; it is being made durable.</summary>
    Finishing,
}
