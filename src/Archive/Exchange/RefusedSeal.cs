using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>A seal that came with a bundle and was not kept. The records were taken in all the same.</summary>
/// <param name="Seal">SHA-256 of its token.</param>
/// <param name="Reason">Why it was not kept.</param>
public sealed record RefusedSeal(Digest Seal, string Reason);
