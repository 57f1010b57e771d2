namespace Provenance.Runtime.Recording;

/// <summary>Is told of the bytes a job has read from its standard input, in order.</summary>
internal delegate void InputTap(ReadOnlySpan<byte> bytes);
