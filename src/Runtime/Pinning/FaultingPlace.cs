namespace Provenance.Runtime.Pinning;

/// <summary>Where in a file an instruction stands.</summary>
/// <param name="Path">In the container.</param>
/// <param name="Offset">In bytes.</param>
/// <param name="Function">As <see cref="FaultingCode.FunctionAt"/> tells it.</param>
internal sealed record FaultingPlace(string Path, ulong Offset, string? Function);
