namespace Provenance.Archive.Images.Layers;

/// <summary>How a stream is compressed, told by its first bytes.</summary>
internal enum Compression
{
    None,
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}
