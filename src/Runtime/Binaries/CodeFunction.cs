namespace Provenance.Runtime.Binaries;

/// <summary>A stretch of code that is one function.</summary>
/// <param name="Start">Its first address, as the file numbers them.</param>
/// <param name="End">The first address behind it.</param>
/// <param name="Name">Its symbol; null where the file has none.</param>
internal readonly record struct CodeFunction(ulong Start, ulong End, string? Name);
