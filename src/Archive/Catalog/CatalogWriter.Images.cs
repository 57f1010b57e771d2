using Dapper;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, ImageRecord image)
    {
        _connection.Execute(
            """
            insert into images (
              log_index, manifest, image_index, config, tree, os, architecture, variant, packing, entries, unpacked_bytes)
            values (
              @index, @manifest, @imageIndex, @config, @tree, @os, @architecture, @variant, @packing, @entries, @unpackedBytes)
            """,
            new
            {
                index,
                manifest = SqlBlob.Of(image.Manifest.Digest),
                imageIndex = SqlBlob.Of(image.Index?.Digest),
                config = SqlBlob.Of(image.Config.Digest),
                tree = SqlBlob.Of(image.Tree.Digest),
                os = image.Platform.Os,
                architecture = image.Platform.Architecture,
                variant = image.Platform.Variant,
                packing = image.Packing,
                entries = image.Entries,
                unpackedBytes = image.UnpackedBytes,
            },
            transaction);
        InsertLayers(index, image.Layers);
    }

    private void InsertLayers(long index, IReadOnlyList<ImageLayer> layers) =>
        _connection.Execute(
            """
            insert into image_layers (log_index, position, digest, diff_id, bytes)
            values (@index, @position, @digest, @diffId, @bytes)
            """,
            layers.Select((layer, position) => new
            {
                index,
                position,
                digest = SqlBlob.Of(layer.Blob.Digest),
                diffId = SqlBlob.Of(layer.DiffId),
                bytes = layer.Blob.Size,
            }),
            transaction);
}
