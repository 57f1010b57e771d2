using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>The three kinds of file that rpm kept its packages in.</summary>
public sealed class RpmDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_database_of_sqlite_is_read_as_rpm_made_it() =>
        Assert.Equal(["tool 2:1.4-3.el9 noarch", "other 1.4-3.el9 noarch"], RpmDatabases.ReadSqlite(PackageSamples.Rpm("sqlite")).Select(Text));

    [Fact]
    public void A_database_of_suse_is_read() => Assert.Equal(
        ["libbz2-1 1.0.6-5.11.1 x86_64", "libcap2 2.26-4.6.1 x86_64", "system-user-root 20190513-3.3.1 noarch"],
        RpmDatabases.ReadNdb(PackageSamples.Rpm("ndb")).Select(Text).Order(StringComparer.Ordinal));

    [Fact]
    public void A_hash_table_of_berkeley_db_is_read() =>
        Assert.Equal(["libuuid 2.32.1-42.el8_8 x86_64"], RpmDatabases.ReadBerkeley(PackageSamples.Rpm("bdb")).Select(Text));

    [Fact]
    public void A_table_of_many_pages_and_rows_larger_than_a_page_is_read_as_sqlite_reads_it()
    {
        string path = Path.Combine(_folder.Path, "rpmdb.sqlite");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "create table other (a, b); create table Packages (hnum integer primary key autoincrement, blob blob not null)";
            command.ExecuteNonQuery();
            command.CommandText = "insert into other values ('Packages', zeroblob(9000)); insert into Packages (blob) values (@blob)";
            var blob = command.Parameters.Add("@blob", SqliteType.Blob);
            for (int i = 0; i < 3000; i++)
            {
                // Sizes around what fits into a page, and far beyond.
                blob.Value = Header($"package{i}", "1", $"{i}", padding: i * 37 % 20_000);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        var read = RpmDatabases.ReadSqlite(File.ReadAllBytes(path)).Select(Text);

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"package{i} 1-{i} "), read);
    }

    [Fact]
    public void A_key_is_no_package_and_a_header_that_lacks_its_name_is_broken()
    {
        Assert.Null(RpmHeader.Read(Header("gpg-pubkey", "1", "2")));
        Assert.Equal("has a package without name, version or release", Assert.Throws<ImageException>(() => RpmHeader.Read(new byte[8])).Message);
    }

    [Fact]
    public void Pages_that_lead_in_a_circle_end()
    {
        byte[] database = PackageSamples.Rpm("sqlite");
        // The schema's page becomes an inner one, whose only child is itself.
        database[100] = 5;
        BinaryPrimitives.WriteUInt16BigEndian(database.AsSpan(103), 0);
        BinaryPrimitives.WriteUInt32BigEndian(database.AsSpan(108), 1);

        Assert.Equal("has pages that lead in a circle", Assert.Throws<ImageException>(() => RpmDatabases.ReadSqlite(database).ToList()).Message);
    }

    [Fact]
    public void A_journal_that_is_not_empty_is_told_of()
    {
        Assert.Empty(RpmDatabases.ReadJournal(ReadOnlyMemory<byte>.Empty));
        Assert.Throws<ImageException>(() => RpmDatabases.ReadJournal(new byte[] { 1 }));
    }

    private static string Text(ImagePackage package) => $"{package.Name} {package.Version} {package.Architecture}";

    private static byte[] Header(string name, string version, string release, int padding = 0)
    {
        string[] texts = [name, version, release];
        byte[] store = [.. texts.SelectMany(text => Encoding.UTF8.GetBytes(text + "\0")), .. new byte[padding]];
        byte[] header = new byte[8 + (16 * texts.Length) + store.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, texts.Length);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), store.Length);
        int offset = 0;
        foreach (var (i, text) in texts.Index())
        {
            var entry = header.AsSpan(8 + (16 * i));
            BinaryPrimitives.WriteInt32BigEndian(entry, 1000 + i);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], 6);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], offset);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], 1);
            offset += text.Length + 1;
        }

        store.CopyTo(header.AsSpan(8 + (16 * texts.Length)));
        return header;
    }
}
