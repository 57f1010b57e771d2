using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Images.Tree;

namespace Provenance.Archive.Images.Layers;

/// <summary>Reads one layer after the other in one pass: checked, kept, decompressed, hashed, and laid over those before.</summary>
/// <remarks>
/// Two threads. One reads the source, checks and keeps the packed bytes, and decompresses; the other digests the tar and its files and
/// calls the tree writer. Between them lie at most 3 MiB.
/// </remarks>
/// <param name="reader">Holds the files of all layers.</param>
/// <param name="limits">How far a layer may expand.</param>
/// <param name="progress">Told of packed bytes.</param>
/// <param name="cancellation">Ends reading.</param>
internal sealed class LayerIntake(LayerReader reader, ImportLimits limits, ProgressReporter progress, CancellationToken cancellation)
{
    /// <summary>Reads a layer.</summary>
    /// <param name="layer">Where it is, and what it must be.</param>
    /// <param name="blob">
    /// Takes the bytes to be kept, a <see cref="BlobWriteStream"/>; where they are kept already, a <see cref="DescriptorStream"/>, or null.
    /// </param>
    /// <param name="mustKeepPacked">Whether a manifest names the bytes as they are; else what OCI has no name for is kept decompressed.</param>
    public ReadLayer Read(PackedLayer layer, Stream? blob, bool mustKeepPacked)
    {
        using var packed = new PeekStream(Checked(layer));
        var compression = Decompressor.Recognise(packed);
        bool keepPacked = mustKeepPacked || compression is Compression.None or Compression.Gzip or Compression.Zstd;
        Stream kept = blob is not null && keepPacked ? new TeeStream(packed, blob) : packed;
        Stream unpacked = new UnpackedLayerStream(kept, layer.Size, limits);
        unpacked = blob is not null && !keepPacked ? new TeeStream(unpacked, blob) : unpacked;
        bool blobIsTar = blob is not null && (!keepPacked || compression == Compression.None);

        using var ahead = new ReadAheadStream(unpacked, cancellation);
        using var digesting = blobIsTar ? null : new DigestingStream(ahead);
        var tar = (Stream?)digesting ?? ahead;
        reader.Read(tar, layer.Size, layer.MustEnd, cancellation);
        tar.CopyTo(Stream.Null);

        var descriptor = (blob as BlobWriteStream)?.Seal() ?? (blob as DescriptorStream)?.Finish();
        return new ReadLayer
        {
            Blob = descriptor is null ? null : descriptor with { MediaType = MediaTypeOf(layer, compression) },
            DiffId = digesting?.Finish() ?? descriptor!.Digest,
            DecompressedFrom = keepPacked ? null : compression,
        };
    }

    private Stream Checked(PackedLayer layer)
    {
        var source = new CountingStream(layer.Open(), progress.Advance);
        return layer.Expected is null ? source : new VerifyingStream(source, layer.Expected);
    }

    private static string MediaTypeOf(PackedLayer layer, Compression compression) => compression switch
    {
        _ when layer.Expected is { MediaType: not MediaTypes.OctetStream } expected => expected.MediaType,
        Compression.Gzip => MediaTypes.LayerTarGzip,
        Compression.Zstd => MediaTypes.LayerTarZstd,
        _ => MediaTypes.LayerTar,
    };
}
