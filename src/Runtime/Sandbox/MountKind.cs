namespace Provenance.Runtime.Sandbox;

/// <summary>What one step of a mount plan does at its target.</summary>
internal enum MountKind
{
    Bind,
    Tmpfs,

    /// <summary>A fresh procfs, of the container's own process tree.</summary>
    Proc,

    /// <summary>Fresh pseudo-terminals, or the host's where the kernel does not give fresh ones.</summary>
    Devpts,

    Overlay,

    /// <summary>Makes the mount read-only.</summary>
    Seal,

    /// <summary>Makes a folder, an empty file or a link in a file system of ours.</summary>
    Folder,
    File,
    Link,

    /// <summary>Writes content into a file of ours and binds it over the target.</summary>
    Content,
}
