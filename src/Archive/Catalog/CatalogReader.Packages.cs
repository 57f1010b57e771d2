using Dapper;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    /// <summary>A version is meant whole, or as far as one of the signs that part a version: 0.3.21 means 0.3.21+ds-4 and not 0.3.210.</summary>
    private const string PackageAsked =
        """
        from packages p
        cross join image_packages a on a.package_id = p.package_id
        cross join images i on i.log_index = a.log_index
        where p.name = @name and (@version is null or p.version = @version or (p.version > @version and p.version < @end
          and instr('-+.~_:', substr(p.version, length(@version) + 1, 1)) > 0))
        """;

    internal const string ManifestsWithPackageSql = $"select distinct i.manifest as Hash\n{PackageAsked}";

    internal const string ImagesWithPackageSql =
        $"""
        select (select digest from records rec where rec.log_index = i.log_index) as Record, p.manager as Manager, p.name as Name, p.version as Version,
          p.architecture as PackageFor, p.build as Build
        {PackageAsked}
        order by i.log_index desc, p.manager, p.version, p.architecture, p.build
        limit @limit
        """;

    /// <summary>Manifests of images that have a package.</summary>
    public IEnumerable<Digest> ManifestsWithPackage(string name, string? version) =>
        connection.Query<RawHash>(ManifestsWithPackageSql, new { name, version, end = EndOf(version) }).Select(row => Digest.FromHash(row.Hash));

    /// <summary>Packages of a name with the record of the image that has them, the newest first.</summary>
    public IEnumerable<(Digest Record, ImagePackage Package)> ImagesWithPackage(string name, string? version, int limit) =>
        connection.Query<RawPackageMatch>(ImagesWithPackageSql, new { name, version, end = EndOf(version), limit }).Select(row => (
            Digest.FromHash(row.Record),
            new ImagePackage
            {
                Manager = row.Manager,
                Name = row.Name,
                Version = row.Version,
                Architecture = row.PackageFor.Length == 0 ? null : row.PackageFor,
                Build = row.Build.Length == 0 ? null : row.Build,
            }));

    /// <summary>Images with this record.</summary>
    public IEnumerable<ImageRow> ImagesByRecord(SqlBlob record) =>
        connection.Query<RawImage>($"{SelectImages}\nwhere rec.digest = @record", new { record }).Select(Row);

    /// <summary>Behind every version that begins so.</summary>
    private static string? EndOf(string? version) => version is null ? null : version + "\U0010FFFF";
}
