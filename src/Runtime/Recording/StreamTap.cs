namespace Provenance.Runtime.Recording;

/// <summary>Is told of the bytes a job wrote, in the order of each stream. Called from one thread for each stream.</summary>
internal delegate void StreamTap(OutputStream stream, ReadOnlySpan<byte> bytes);
