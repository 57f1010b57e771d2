namespace Provenance.Archive.Images;

/// <summary>How far an import has come.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="BytesRead">Of the source, as it is packed.</param>
/// <param name="BytesTotal">Null when it cannot be known, as from a pipe.</param>
/// <param name="Entries">Entries of layers read.</param>
public readonly record struct ImportProgress(ImportPhase Phase, long BytesRead, long? BytesTotal, long Entries);
