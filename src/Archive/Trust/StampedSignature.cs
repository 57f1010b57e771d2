namespace Provenance.Archive.Trust;

/// <summary>A signature, with the time stamp that was to be had.</summary>
/// <param name="P7s">DER.</param>
/// <param name="Warnings">One sentence each: why it has no time stamp though one was asked for, and that the certificate ends soon.</param>
public sealed record StampedSignature(ReadOnlyMemory<byte> P7s, IReadOnlyList<string> Warnings);
