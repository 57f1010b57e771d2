using System.Security.Cryptography;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Archive.Tests.Content;

public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _synced = [];
    private readonly BlobStore _blobs;

    public BlobStoreTests()
    {
        _blobs = new BlobStore(new StoreLayout(_folder.Path), _synced.Add);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_blob_is_named_by_both_digests_of_its_bytes()
    {
        var descriptor = _blobs.Put(MediaTypes.PlainText, Hello);

        Assert.Equal("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", descriptor.Digest.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(Hello)), descriptor.Sha512);
        Assert.Equal(5, descriptor.Size);
        Assert.Equal(Hello, _blobs.Read(descriptor, 5));
        Assert.Contains(_blobs.Layout.Blobs, _synced);
    }

    [Fact]
    public void A_stream_and_a_span_of_the_same_bytes_are_one_blob()
    {
        var first = _blobs.Put(MediaTypes.PlainText, Hello);
        var second = _blobs.Put(MediaTypes.PlainText, new MemoryStream(Hello));

        Assert.Equal(first, second);
        Assert.Single(_blobs.Enumerate());
        AssertNothingTemporary();
    }

    [Fact]
    public void Content_with_another_digest_than_its_descriptor_is_refused_and_leaves_nothing()
    {
        var expected = _blobs.Put(MediaTypes.PlainText, Hello) with { Digest = Digest.Of("other"u8) };

        Assert.Throws<DigestMismatchException>(() => _blobs.Put(expected, new MemoryStream(Hello)));
        Assert.False(_blobs.Contains(expected.Digest));
        AssertNothingTemporary();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Content_of_another_size_than_its_descriptor_is_refused(long size)
    {
        var expected = new Descriptor { MediaType = MediaTypes.PlainText, Digest = Digest.Of(Hello), Size = size };

        Assert.Throws<SizeMismatchException>(() => _blobs.Put(expected, new MemoryStream(Hello)));
        AssertNothingTemporary();
    }

    [Fact]
    public void A_blob_changed_on_disk_is_not_read()
    {
        var descriptor = _blobs.Put(MediaTypes.PlainText, Hello);
        using (var file = File.OpenWrite(_blobs.Layout.BlobPath(descriptor.Digest)))
        {
            file.WriteByte((byte)'j');
        }

        Assert.Throws<DigestMismatchException>(() => _blobs.Read(descriptor, 5));
        Assert.Throws<DigestMismatchException>(() => _blobs.Open(descriptor).CopyTo(Stream.Null));
    }

    [Fact]
    public void A_forged_sha512_is_noticed()
    {
        var forged = _blobs.Put(MediaTypes.PlainText, Hello) with { Sha512 = new string('0', 128) };

        Assert.Throws<Sha512MismatchException>(() => _blobs.Read(forged, 5));
        Assert.Throws<Sha512MismatchException>(() => _blobs.Open(forged).CopyTo(Stream.Null));
    }

    [Fact]
    public void A_missing_blob_is_named()
    {
        var missing = Digest.Of("nowhere"u8);

        var e = Assert.Throws<BlobMissingException>(() => _blobs.Read(missing, 1));
        Assert.Equal($"blob '{missing}' is not in the archive", e.Message);
    }

    [Fact]
    public void A_stream_longer_than_allowed_is_refused_and_leaves_nothing()
    {
        Assert.Throws<BlobTooLargeException>(() => _blobs.Put(MediaTypes.PlainText, new MemoryStream(Hello), maxBytes: 4));
        Assert.Empty(_blobs.Enumerate());
        AssertNothingTemporary();
    }

    [Fact]
    public void A_writer_that_is_not_committed_leaves_nothing()
    {
        using (var writer = _blobs.Create(MediaTypes.PlainText))
        {
            writer.Write(Hello);
        }

        Assert.Empty(_blobs.Enumerate());
        AssertNothingTemporary();
    }

    private void AssertNothingTemporary() => Assert.Empty(Directory.EnumerateFileSystemEntries(_blobs.Layout.Temporary));
}
