using Provenance.Archive.Catalog;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>A catalog that any released program left becomes one of this program, and keeps its rows.</summary>
public sealed class MigratorTests : IDisposable
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Vectors, "catalog");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Versions => [.. Numbers];

    private static IEnumerable<int> Numbers => Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Schema, "sql"), "*.sql")
        .Select(path => int.Parse(Path.GetFileName(path)[..4], System.Globalization.CultureInfo.InvariantCulture)).Order();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_version_has_a_catalog_that_was_kept() => Assert.Equal(
        Numbers.Select(version => $"{version:0000}.db"),
        Directory.EnumerateFiles(Folder, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_kept_catalog_gets_the_schema_of_a_fresh_one_and_keeps_its_rows(int version)
    {
        string path = Path.Combine(_folder.Path, "catalog.db");
        File.Copy(Path.Combine(Folder, $"{version:0000}.db"), path);
        Assert.Equal(version == Migrator.Catalog.LatestVersion, IsReadable(path));

        using var migrated = CatalogDatabase.OpenForWriting(path);
        using var fresh = CatalogDatabase.CreateInMemory();
        using var newest = CatalogDatabase.OpenForWriting(CopyOfNewest());

        Assert.Equal(Migrator.Catalog.LatestVersion, Migrator.VersionOf(migrated.Connection));
        Assert.Equal(Schema(fresh), Schema(migrated));
        Assert.Equal(["ok"], Texts(migrated, "pragma integrity_check"));
        Assert.Empty(Texts(migrated, "select \"table\" from pragma_foreign_key_check"));
        AssertSameRows(newest, migrated, version);
        Assert.Single(Texts(migrated, "select command from run_text where run_text match '\"number=2\"'"));
    }

    /// <summary>All tables but those that had no rows yet at that version, or not all columns.</summary>
    private static void AssertSameRows(CatalogDatabase newest, CatalogDatabase migrated, int version)
    {
        string[] later = version switch
        {
            1 => ["peers", "asked_names", "programs", "sources", "libraries", "files", "replays"],
            < 4 => ["replays"],
            _ => [],
        };
        var expected = CatalogRows.HashTables(newest.Connection);
        Assert.Equal(
            expected.Where(table => !later.Contains(table.Key)),
            CatalogRows.HashTables(migrated.Connection).Where(table => !later.Contains(table.Key)));
        Assert.Equal(["1", "14"], Texts(migrated, "select cast(count(*) as text) from replays union all select cast(count(*) as text) from files"));
    }

    private static bool IsReadable(string path)
    {
        using var catalog = CatalogDatabase.OpenForReading(path);
        return catalog is not null;
    }

    private string CopyOfNewest()
    {
        string path = Path.Combine(_folder.Path, "newest.db");
        File.Copy(Path.Combine(Folder, $"{Migrator.Catalog.LatestVersion:0000}.db"), path);
        return path;
    }

    private static List<string> Schema(CatalogDatabase catalog) => Texts(
        catalog, "select type || ' ' || name || ' ' || tbl_name || ' ' || ifnull(sql, '') from sqlite_schema order by type, name");

    private static List<string> Texts(CatalogDatabase catalog, string question)
    {
        using var command = catalog.Connection.CreateCommand();
#pragma warning disable CA2100 // the test's own words
        command.CommandText = question;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }
}
