namespace Provenance.Runtime.Sandbox;

/// <summary>An empty file system in memory, gone with the container.</summary>
/// <param name="Destination">Absolute path in the container.</param>
/// <param name="SizeBytes">Null for the kernel's default, half of the memory.</param>
public sealed record TmpfsMount(string Destination, long? SizeBytes = null, UnixFileMode Mode = TmpfsMount.Sticky)
{
    /// <summary>Mode 1777, that of /tmp.</summary>
    public const UnixFileMode Sticky = (UnixFileMode)0x3FF;
}
