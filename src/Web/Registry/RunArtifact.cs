using Provenance.Archive.Content;

namespace Provenance.Web.Registry;

/// <summary>What a run's artifact is made of.</summary>
/// <param name="Records">Of which the archive has to show every one.</param>
/// <param name="Blobs">Of the archive.</param>
/// <param name="Documents">Its manifest, and the layers that are no blobs of the archive.</param>
internal sealed record RunArtifact(IReadOnlyList<Digest> Records, IReadOnlySet<Digest> Blobs, IReadOnlyDictionary<Digest, byte[]> Documents);
