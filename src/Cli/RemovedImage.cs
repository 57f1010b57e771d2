using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>A name that was taken away.</summary>
/// <param name="Reference">As it was given.</param>
/// <param name="Digest">Of the image's manifest, or of the index.</param>
/// <param name="IsIndex">It named images for several platforms.</param>
internal sealed record RemovedImage(string Reference, Digest Digest, bool IsIndex);
