namespace Provenance.Runtime.Sandbox;

/// <summary>What stands as the container's root.</summary>
public enum RootKind
{
    /// <summary>The image itself, or the host's own root, read-only.</summary>
    ReadOnly,

    /// <summary>Changes go to a layer above the image.</summary>
    Overlay,

    /// <summary>A copy of the image, made for this run.</summary>
    Copy,

    /// <summary>The host's own, which the job changes as the host lets it.</summary>
    Host,
}
