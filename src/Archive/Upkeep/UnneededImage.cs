using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>An image without a name that no run was made in.</summary>
/// <param name="Record">Its signed record, which stays.</param>
/// <param name="Manifest">Goes first: without it there is no image.</param>
/// <param name="Blobs">All that it is made of, the manifest too; others may need some of them.</param>
internal sealed record UnneededImage(Digest Record, Digest Manifest, IReadOnlyList<Digest> Blobs);
