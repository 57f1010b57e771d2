namespace Provenance.Runtime.Sandbox;

/// <summary>Where the source of a bind is a path of.</summary>
internal enum MountOrigin
{
    Host,

    /// <summary>The image, through a mount that is read-only already: what is bound from it inherits that.</summary>
    SealedImage,

    /// <summary>The container itself, as it has been made so far.</summary>
    Inside,
}
