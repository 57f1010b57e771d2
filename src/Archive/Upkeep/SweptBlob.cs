using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>A blob that may go.</summary>
internal sealed record SweptBlob(Digest Digest, long Bytes);
