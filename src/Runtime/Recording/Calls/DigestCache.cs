using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Digests of large files that were read before, so that a hundred gigabytes are not read again for every run.</summary>
/// <remarks>
/// One file of fixed size in the archive's cache: a table of slots of 256 bytes, eight to a set, the oldest of a set overwritten. A slot is
/// written at once and has a checksum; what is torn, foreign or damaged counts as empty. Nothing is locked: two recorders that write one
/// slot lose at most an entry. A file's times are no older than the kernel's clock tick, and pages that are mapped for writing change
/// without a time for half a minute: what was changed within a minute before it was read is not remembered.
/// </remarks>
internal sealed class DigestCache : IDisposable
{
    /// <summary>Smaller files are read faster than looked up and remembered, in bytes.</summary>
    public const long MinFileBytes = 256 << 10;

    /// <summary>A file must have been left alone for so long before it was read, in seconds.</summary>
    public const int SettledSeconds = 60;

    private const int SlotBytes = 256;
    private const int SlotsInSet = 8;
    private const int SetBytes = SlotBytes * SlotsInSet;
    private const int Sets = 8192;
    private const uint Magic = 0x31_63_64_70;  // "pdc1"
    private const int KeyAt = 8;
    private const int KeyBytes = 56;
    private const int HashedAt = KeyAt + KeyBytes;
    private const int DigestsAt = HashedAt + sizeof(long);
    private const int ChecksumAt = SlotBytes - sizeof(long);

    private readonly SafeFileHandle _file;
    private readonly TimeProvider _clock;

    private DigestCache(SafeFileHandle file, TimeProvider clock)
    {
        _file = file;
        _clock = clock;
    }

    /// <returns>Null where it cannot be written: then every file is read.</returns>
    public static DigestCache? Open(StoreLayout layout, TimeProvider clock)
    {
        try
        {
            Directory.CreateDirectory(layout.Cache);
            var file = File.OpenHandle(
                layout.DigestCache, FileMode.OpenOrCreate, System.IO.FileAccess.ReadWrite, FileShare.ReadWrite);
            return new DigestCache(file, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Null when this very state of the file is not remembered.</summary>
    /// <returns>As <see cref="PackedDigests"/> has them.</returns>
    public byte[]? Find(in FileIdentity file)
    {
        if (file.Size < MinFileBytes)
        {
            return null;
        }

        Span<byte> key = stackalloc byte[KeyBytes];
        WriteKey(key, file);
        byte[] set = new byte[SetBytes];
        Read(SetOffset(file), set);
        for (int at = 0; at < SetBytes; at += SlotBytes)
        {
            var slot = set.AsSpan(at, SlotBytes);
            if (IsWhole(slot) && slot.Slice(KeyAt, KeyBytes).SequenceEqual(key))
            {
                return slot.Slice(DigestsAt, PackedDigests.SizeBytes).ToArray();
            }
        }

        return null;
    }

    /// <summary>Remembers, unless the file had been changed so shortly before that its times might not tell of another change.</summary>
    /// <param name="file">As it was before the first byte was read, and after the last.</param>
    /// <param name="digests">As <see cref="PackedDigests"/> has them.</param>
    /// <param name="readSince">When reading began.</param>
    public void Add(in FileIdentity file, byte[] digests, DateTimeOffset readSince)
    {
        long settled = readSince.ToUnixTimeSeconds() - SettledSeconds;
        if (file.Size < MinFileBytes || file.Changed.Seconds > settled || file.Modified.Seconds > settled)
        {
            return;
        }

        byte[] set = new byte[SetBytes];
        long offset = SetOffset(file);
        Read(offset, set);
        byte[] slot = new byte[SlotBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        WriteKey(slot.AsSpan(KeyAt, KeyBytes), file);
        BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(HashedAt), _clock.GetUtcNow().ToUnixTimeMilliseconds());
        digests.CopyTo(slot.AsSpan(DigestsAt));
        Checksum(slot).CopyTo(slot.AsSpan(ChecksumAt));
        try
        {
            RandomAccess.Write(_file, slot, offset + (SlotToReplace(set, slot) * SlotBytes));
        }
        catch (IOException)
        {
            // A full disk costs the next run some reading, and this one nothing.
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The same file's older entry, else an empty one, else the oldest.</summary>
    private static int SlotToReplace(ReadOnlySpan<byte> set, ReadOnlySpan<byte> slot)
    {
        // The file system's and the inode's numbers: another state of the same file is of no use any more.
        const int FileBytes = 16;
        int oldest = 0;
        long age = long.MaxValue;
        for (int number = 0; number < SlotsInSet; number++)
        {
            var other = set.Slice(number * SlotBytes, SlotBytes);
            bool whole = IsWhole(other);
            if (whole && other.Slice(KeyAt, FileBytes).SequenceEqual(slot.Slice(KeyAt, FileBytes)))
            {
                return number;
            }

            long hashedAt = whole ? BinaryPrimitives.ReadInt64LittleEndian(other[HashedAt..]) : long.MinValue;
            if (hashedAt < age)
            {
                (oldest, age) = (number, hashedAt);
            }
        }

        return oldest;
    }

    private void Read(long offset, Span<byte> set)
    {
        set.Clear();
        try
        {
            _ = RandomAccess.Read(_file, set, offset);
        }
        catch (IOException)
        {
            set.Clear();
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> slot) =>
        BinaryPrimitives.ReadUInt32LittleEndian(slot) == Magic
        && Checksum(slot).SequenceEqual(slot[ChecksumAt..]);

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> slot) =>
        Digest.Of(slot[..ChecksumAt]).ToBytes().AsSpan(0, sizeof(long));

    /// <summary>A set is found by the file alone, so that a new state of it takes the old one's place.</summary>
    private static long SetOffset(in FileIdentity file)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;  // Knuth's multiplicative hashing, 2^64 divided by the golden ratio
        const int SetBits = 13;
        ulong mixed = unchecked((file.Inode ^ (file.FileSystem * Odd)) * Odd);
        return (long)(mixed >> (64 - SetBits)) % Sets * SetBytes;
    }

    private static void WriteKey(Span<byte> key, in FileIdentity file)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(key, file.FileSystem);
        BinaryPrimitives.WriteUInt64LittleEndian(key[8..], file.Inode);
        BinaryPrimitives.WriteInt64LittleEndian(key[16..], file.Size);
        BinaryPrimitives.WriteInt64LittleEndian(key[24..], file.Modified.Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(key[32..], file.Changed.Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(key[40..], file.Modified.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(key[48..], file.Changed.Nanoseconds);
    }
}
