namespace Provenance.Archive.Transparency;

/// <summary>A witness does not cosign.</summary>
public sealed class WitnessException(Uri witness, string reason) : ArchiveException($"witness '{witness}': {reason}");
