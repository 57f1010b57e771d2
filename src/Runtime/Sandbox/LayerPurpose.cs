namespace Provenance.Runtime.Sandbox;

/// <summary>What may be done when a mount point is missing in a mount.</summary>
internal enum LayerPurpose
{
    /// <summary>Never written to: a tmpfs is laid over the folder, with all its content bound into it.</summary>
    Image,

    /// <summary>The caller's own data: nothing is made in it, and nothing laid over it.</summary>
    Data,

    /// <summary>Ours, and gone with the container: it is simply made.</summary>
    Scratch,
}
