namespace Provenance.Cli;

/// <summary>An input that no recorded run made, as <c>prov tree --json</c> prints it.</summary>
/// <param name="Path">In the container.</param>
/// <param name="Sha256">64 hex digits; null when it was not hashed.</param>
/// <param name="Size">In bytes.</param>
internal sealed record LineageSourceReport(string Path, string? Sha256, long Size);
