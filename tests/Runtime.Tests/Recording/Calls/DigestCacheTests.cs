using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording.Calls;

/// <summary>An entry is believed for exactly the state of the file it was made of, and nothing that is damaged is believed.</summary>
public sealed class DigestCacheTests : IDisposable
{
    private const int Now = 1_000_000;

    private static readonly FileIdentity File = new(1, 2, 1 << 30, new FileTime(100, 5), new FileTime(200, 6));

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_read_is_known_to_the_next_recorder()
    {
        byte[] digests = ContentHash.PackedOf("content"u8);
        using (var cache = Open())
            cache.Add(File, digests, _clock.GetUtcNow());

        using var next = Open();

        Assert.Equal(ContentHash.Of("content"u8), PackedDigests.Unpack(next.Find(File)!));
        Assert.Equal(
            [null, null, null, null, null, null],
            new[]
            {
                File with { FileSystem = 3 }, File with { Inode = 3 }, File with { Size = 3 << 28 },
                File with { Modified = new FileTime(100, 4) }, File with { Changed = new FileTime(200, 7) },
                File with { Changed = new FileTime(201, 6) },
            }.Select(other => next.Find(other)));
    }

    [Theory]
    [InlineData(Now - 61, true)]
    [InlineData(Now - 59, false)]
    [InlineData(Now + 10, false)]
    public void A_file_that_was_changed_shortly_before_is_read_again(int changedAt, bool isRemembered)
    {
        using var cache = Open();
        var file = File with { Changed = new FileTime(changedAt, 0) };

        cache.Add(file, ContentHash.PackedOf("content"u8), _clock.GetUtcNow());

        Assert.Equal(isRemembered, cache.Find(file) is not null);
    }

    [Fact]
    public void An_entry_in_which_any_bit_is_another_is_none()
    {
        using (var cache = Open())
            cache.Add(File, ContentHash.PackedOf("content"u8), _clock.GetUtcNow());
        string path = new StoreLayout(_folder.Path).DigestCache;
        byte[] whole = System.IO.File.ReadAllBytes(path);
        int start = Array.FindIndex(whole, value => value != 0);

        // Every byte of the slot's head, key, digests and checksum in turn; those between are zero and covered too.
        for (int at = 0; at < 256; at += 7)
        {
            byte[] damaged = [.. whole];
            damaged[start + at] ^= 0x10;
            System.IO.File.WriteAllBytes(path, damaged);
            using var cache = Open();
            Assert.Null(cache.Find(File));
        }

        System.IO.File.WriteAllBytes(path, whole[..(start + 100)]);
        using var cut = Open();
        Assert.Null(cut.Find(File));
    }

    [Fact]
    public void A_new_state_of_a_file_takes_the_old_ones_place_and_the_table_does_not_grow()
    {
        using var cache = Open();
        byte[] digests = ContentHash.PackedOf("content"u8);
        for (int state = 0; state < 100; state++)
            cache.Add(File with { Modified = new FileTime(state, 0) }, digests, _clock.GetUtcNow());
        long bytes = new FileInfo(new StoreLayout(_folder.Path).DigestCache).Length;
        for (ulong inode = 0; inode < 40_000; inode++)
            cache.Add(File with { Inode = inode }, digests, _clock.GetUtcNow());

        Assert.True(bytes <= 16 << 20);
        Assert.True(new FileInfo(new StoreLayout(_folder.Path).DigestCache).Length <= 16 << 20);
        Assert.NotNull(cache.Find(File with { Inode = 39_999 }));
    }

    [Fact]
    public void Many_recorders_write_at_once_and_what_is_found_is_right()
    {
        Parallel.For(0, 8, writer =>
        {
            using var cache = Open();
            for (ulong inode = 0; inode < 2_000; inode++)
            {
                var file = File with { Inode = inode };
                byte[] digests = ContentHash.PackedOf(BitConverter.GetBytes(inode));
                cache.Add(file, digests, _clock.GetUtcNow());
                byte[]? found = cache.Find(file);
                Assert.True(found is null || found.AsSpan().SequenceEqual(digests), $"inode {inode} of writer {writer}");
            }
        });
    }

    private DigestCache Open() => DigestCache.Open(new StoreLayout(_folder.Path), _clock)!;
}
