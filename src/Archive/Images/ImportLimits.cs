namespace Provenance.Archive.Images;

/// <summary>What an image may ask of us. Above any image met in practice; an image that exceeds one is refused.</summary>
public sealed record ImportLimits
{
    public static ImportLimits Default { get; } = new();

    /// <summary>Size of a manifest, index or config, in bytes.</summary>
    public long MaxJsonBytes { get; init; } = 8 << 20;

    /// <summary>Docker itself stops at 127.</summary>
    public int MaxLayers { get; init; } = 512;

    /// <summary>Manifests in an index, and members of an archive that holds a layout.</summary>
    public int MaxMembers { get; init; } = 65_536;

    /// <summary>Entries of all layers together, whiteouts included.</summary>
    public int MaxEntries { get; init; } = 10_000_000;

    /// <summary>Names one below the other in a path.</summary>
    public int MaxDepth { get; init; } = 512;

    /// <summary>Attributes and long names of one entry together, in bytes.</summary>
    public int MaxHeaderBytes { get; init; } = 1 << 19;

    /// <summary>Contents of all files of all layers together, holes included, in bytes.</summary>
    public long MaxUnpackedBytes { get; init; } = 1L << 40;

    /// <summary>A layer may unpack to this many times its packed size, or to <see cref="FreeExpansionBytes"/>, whichever is more.</summary>
    public int MaxExpansion { get; init; } = 200;

    /// <summary>In bytes.</summary>
    public long FreeExpansionBytes { get; init; } = 1L << 30;
}
