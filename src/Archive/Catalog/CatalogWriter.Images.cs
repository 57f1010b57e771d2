using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, LogLeaf leaf, ImageRecord image)
    {
        _statements.Execute(
            """
            insert into images (
              log_index, manifest, image_index, config, tree, os, architecture, variant, packing, entries, unpacked_bytes, packages)
            values (
              @index, @manifest, @imageIndex, @config, @tree, @os, @architecture, @variant, @packing, @entries, @unpackedBytes, @packages)
            """,
            ("@index", index),
            ("@manifest", image.Manifest.Digest.ToBytes()),
            ("@imageIndex", image.Index?.Digest.ToBytes()),
            ("@config", image.Config.Digest.ToBytes()),
            ("@tree", image.Tree.Digest.ToBytes()),
            ("@os", image.Platform.Os),
            ("@architecture", image.Platform.Architecture),
            ("@variant", image.Platform.Variant),
            ("@packing", image.Packing),
            ("@entries", image.Entries),
            ("@unpackedBytes", image.UnpackedBytes),
            ("@packages", image.Packages?.Blob?.Digest.ToBytes()));
        foreach (var (position, layer) in image.Layers.Index())
        {
            InsertLayer(index, position, layer);
        }

        InsertPackages(index, leaf, image.Packages);
    }

    private void InsertLayer(long index, int position, ImageLayer layer) => _statements.Execute(
        """
        insert into image_layers (log_index, position, digest, diff_id, bytes)
        values (@index, @position, @digest, @diffId, @bytes)
        """,
        ("@index", index),
        ("@position", position),
        ("@digest", layer.Blob.Digest.ToBytes()),
        ("@diffId", layer.DiffId.ToBytes()),
        ("@bytes", layer.Blob.Size));
}
