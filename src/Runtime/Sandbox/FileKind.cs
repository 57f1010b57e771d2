namespace Provenance.Runtime.Sandbox;

/// <summary>What stands at a path, as far as mounting upon it is concerned.</summary>
internal enum FileKind
{
    Missing,
    Folder,
    File,
    Link,

    /// <summary>A device, a socket or a pipe.</summary>
    Special,
}
