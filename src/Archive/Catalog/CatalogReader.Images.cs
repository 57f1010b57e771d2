using Dapper;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string SelectImages =
        """
        select i.log_index as LogIndex, rec.digest as Digest, i.manifest as Manifest, i.tree as Tree, i.config as Config, i.os as Os,
          i.architecture as Architecture, i.variant as Variant, i.packing as Packing, i.entries as Entries,
          i.unpacked_bytes as UnpackedBytes, rec.signer_name as SignerName
        from images i
        join records rec on rec.log_index = i.log_index
        """;

    private const string ImagesWithDigest =
        """
        where i.log_index in (
          select log_index from images where manifest = @digest
          union select log_index from images where image_index = @digest
          union select log_index from images where config = @digest
          union select log_index from images where tree = @digest
          union select log_index from images where packages = @digest
          union select log_index from image_layers where digest = @digest
          union select log_index from image_layers where diff_id = @digest)
        order by i.log_index desc
        """;

    internal const string ImagesByDigestSql = $"{SelectImages}\n{ImagesWithDigest}";

    /// <summary>Newest first.</summary>
    public IEnumerable<ImageRow> Images(int limit) =>
        connection.Query<RawImage>($"{SelectImages}\norder by i.log_index desc\nlimit @limit", new { limit }).Select(Row);

    /// <summary>Images whose manifest, index, config, tree, list of packages or one layer has this digest, newest first.</summary>
    public IEnumerable<ImageRow> ImagesByDigest(SqlBlob digest) =>
        connection.Query<RawImage>(ImagesByDigestSql, new { digest }).Select(Row);

    /// <summary>The manifest of an image's record.</summary>
    public IEnumerable<Digest> ManifestsOf(SqlBlob record) =>
        connection.Query<RawHash>(
            "select i.manifest as Hash from images i join records rec on rec.log_index = i.log_index where rec.digest = @record", new { record })
            .Select(row => Digest.FromHash(row.Hash));

    private static ImageRow Row(RawImage raw) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        Place = raw.LogIndex,
        Manifest = Digest.FromHash(raw.Manifest),
        Tree = Digest.FromHash(raw.Tree),
        Config = Digest.FromHash(raw.Config),
        Platform = new Images.Platform { Os = raw.Os, Architecture = raw.Architecture, Variant = raw.Variant }.ToString(),
        Packing = raw.Packing,
        Entries = raw.Entries,
        UnpackedBytes = raw.UnpackedBytes,
        SignerName = raw.SignerName,
    };
}
