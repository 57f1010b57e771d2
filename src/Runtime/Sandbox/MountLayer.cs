namespace Provenance.Runtime.Sandbox;

/// <summary>What one mount of a plan shows, so that later steps know what they will find there.</summary>
/// <param name="Target">Where it is mounted in the container.</param>
/// <param name="Purpose">What may be done when a mount point is missing in it.</param>
internal abstract record MountLayer(string Target, LayerPurpose Purpose)
{
    /// <param name="relative">Empty, or beginning with a slash.</param>
    public abstract FileNode Look(string relative);

    public abstract IReadOnlyList<string> List(string relative);

    /// <summary>Where on the host the content is; null for what exists only in the container.</summary>
    public abstract string? HostPath(string relative);
}
