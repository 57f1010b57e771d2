namespace Provenance.Archive.Transparency;

/// <summary>Which known keys signed a checkpoint; how many must have is for a policy to say.</summary>
/// <param name="Log">The log's key; null when none that is known has signed.</param>
/// <param name="Cosignatures">Those of known witnesses, in the order in which they stand.</param>
public sealed record CheckpointSignatures(VerifierKey? Log, IReadOnlyList<Cosignature> Cosignatures);
