namespace Provenance.Runtime.Sandbox;

/// <summary>A file or folder of the host, with all that is mounted below it, shown in the container.</summary>
/// <param name="Source">Absolute path on the host.</param>
/// <param name="Destination">Absolute path in the container; links in it are followed inside the root only.</param>
public sealed record BindMount(string Source, string Destination, bool ReadOnly = false);
