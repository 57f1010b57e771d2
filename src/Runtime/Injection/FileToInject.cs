namespace Provenance.Runtime.Injection;

/// <summary>A file of the host that the user wants in the container.</summary>
/// <param name="Source">Absolute path on the host.</param>
/// <param name="Destination">Absolute path in the container; null for where the dynamic linker finds it.</param>
public sealed record FileToInject(string Source, string? Destination = null);
