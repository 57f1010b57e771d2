using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>A proof of a log that came with a bundle and was not kept. The record was taken in all the same.</summary>
/// <param name="Record">What it was to prove.</param>
/// <param name="Reason">Why it was not kept.</param>
public sealed record RefusedProof(Digest Record, string Reason);
