namespace Provenance.Archive.Trust;

/// <summary>A signature, with the time stamp that was to be had.</summary>
/// <param name="P7s">DER.</param>
/// <param name="NotStamped">Why it has no time stamp though one was asked for; null when it has one, or none was.</param>
public sealed record StampedSignature(ReadOnlyMemory<byte> P7s, string? NotStamped);
