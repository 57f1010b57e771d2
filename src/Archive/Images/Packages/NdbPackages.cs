namespace Provenance.Archive.Images.Packages;

/// <summary>Reads <c>Packages.db</c>, rpm's own kind of database.</summary>
/// <remarks>Source: rpm, lib/backend/ndb/rpmpkg.c. Little-endian: slots, of which each says where in the file a package lies.</remarks>
internal static class NdbPackages
{
    private const long HeaderMagic = 0x506D7052; // RpmP
    private const long SlotMagic = 0x746F6C53; // Slot
    private const long BlobMagic = 0x53626C42; // BlbS
    private const int SlotsPerPage = 256;
    private const int SlotBytes = 16;
    private const int BlockBytes = 16;
    private const int BlobHeadBytes = 16;

    /// <exception cref="ImageException">It is broken.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Blobs(ReadOnlyMemory<byte> file)
    {
        if (file.LittleEndian32(0) != HeaderMagic)
        {
            throw new ImageException("is no database of rpm");
        }

        long slots = file.LittleEndian32(12) * SlotsPerPage;
        // The header takes the place of the first two.
        for (long slot = 2; slot < slots; slot++)
        {
            long at = slot * SlotBytes;
            if (file.LittleEndian32(at) != SlotMagic)
            {
                throw new ImageException("has a slot that is none");
            }

            long package = file.LittleEndian32(at + 4);
            long block = file.LittleEndian32(at + 8);
            if (block == 0)
            {
                continue;
            }

            long blob = block * BlockBytes;
            if (file.LittleEndian32(blob) != BlobMagic || file.LittleEndian32(blob + 4) != package)
            {
                throw new ImageException("has a slot that leads to no package");
            }

            yield return file.Part(blob + BlobHeadBytes, file.LittleEndian32(blob + 12));
        }
    }
}
