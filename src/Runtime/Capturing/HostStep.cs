using Provenance.Runtime.Native;

namespace Provenance.Runtime.Capturing;

/// <summary>One thing that the kernel passes on the way of a path: a link, or what stands at the end.</summary>
/// <param name="Path">Absolute, without links before its last name.</param>
/// <param name="Target">Of a link.</param>
internal sealed record HostStep(string Path, FileStatus Status, string? Target);
