using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>The three kinds of file that rpm has kept its packages in: each holds a header for each package.</summary>
internal static class RpmDatabases
{
    /// <summary>Since rpm 4.16 (Fedora 33, RHEL 9): SQLite.</summary>
    public static IEnumerable<ImagePackage> ReadSqlite(ReadOnlyMemory<byte> database) =>
        new SqliteTable(database).Blobs("Packages").Select(RpmHeader.Read).OfType<ImagePackage>();

    /// <summary>SUSE: rpm's own kind.</summary>
    public static IEnumerable<ImagePackage> ReadNdb(ReadOnlyMemory<byte> database) =>
        NdbPackages.Blobs(database).Select(RpmHeader.Read).OfType<ImagePackage>();

    /// <summary>Until RHEL 8: a hash table of Berkeley DB.</summary>
    public static IEnumerable<ImagePackage> ReadBerkeley(ReadOnlyMemory<byte> database) =>
        new BerkeleyHash(database).Blobs().Select(RpmHeader.Read).OfType<ImagePackage>();

    /// <summary>What SQLite had not put into the database when the image was made. It is there only where something was killed.</summary>
    public static IEnumerable<ImagePackage> ReadJournal(ReadOnlyMemory<byte> journal) => journal.IsEmpty
        ? []
        : throw new ImageException("may hold packages that are not in the database beside it: it is not read");
}
