using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Distribution;

/// <summary>An image that was fetched.</summary>
/// <param name="Image">As if it had been imported.</param>
/// <param name="Top">The manifest or index that the reference meant.</param>
/// <param name="FetchedBlobs">The others were here.</param>
/// <param name="FetchedBytes">That came.</param>
public sealed record PulledImage(ImportedImage Image, Digest Top, int FetchedBlobs, long FetchedBytes);
