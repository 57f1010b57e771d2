using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    /// <summary>One that stands in several environments of an image stands here once.</summary>
    private void InsertPackages(long index, LogLeaf leaf, PackageInventory? inventory)
    {
        if (inventory?.Blob is not { } blob)
        {
            return;
        }

        string? problem = Undoing(ListSavepoint, () =>
        {
            using var lines = blobs.Open(blob);
            foreach (var package in RecordLines.ReadImagePackages(lines))
            {
                _statements.Execute(
                    """
                    insert into image_packages (log_index, package_id)
                    values (@index, @package)
                    on conflict do nothing
                    """,
                    ("@index", index),
                    ("@package", FindPackage(package) ?? InsertPackage(package)));
            }
        });
        if (problem is not null)
        {
            InsertProblem(index, leaf, problem);
        }
    }

    private long? FindPackage(ImagePackage package) => (long?)_statements.Scalar(
        """
        select package_id
        from packages
        where name = @name and version = @version and manager = @manager and architecture = @architecture and build = @build
        """,
        ("@name", package.Name),
        ("@version", package.Version),
        ("@manager", package.Manager),
        ("@architecture", package.Architecture ?? ""),
        ("@build", package.Build ?? ""));

    private long InsertPackage(ImagePackage package) => (long)_statements.Scalar(
        """
        insert into packages (name, version, manager, architecture, build)
        values (@name, @version, @manager, @architecture, @build)
        returning package_id
        """,
        ("@name", package.Name),
        ("@version", package.Version),
        ("@manager", package.Manager),
        ("@architecture", package.Architecture ?? ""),
        ("@build", package.Build ?? ""))!;
}
