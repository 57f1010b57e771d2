using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;
using Xunit;
using static Provenance.Kernel.Tests.Rootfs.UnpackFixture;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>Trees share what is the same in them, and only that.</summary>
public sealed class SharedFilesTests : IDisposable
{
    private const int Large = 2 << 20;

    private readonly UnpackFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Two_images_share_files_of_one_content_mode_and_time()
    {
        string one = _fixture.Unpack("one", Write);
        string two = _fixture.Unpack("two", tree =>
        {
            Write(tree);
            WriteFile(tree, "more", "more");
        });

        Assert.Equal(InodeOf(one, "small"), InodeOf(two, "small"));
        Assert.Equal(InodeOf(one, "large"), InodeOf(two, "large"));

        static void Write(LayerUnpacker tree)
        {
            WriteFile(tree, "small", "same");
            WriteFile(tree, "large", new MemoryStream(new byte[Large]));
        }
    }

    [Fact]
    public void One_image_shares_within_itself()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFile(tree, "a", "same");
            WriteFile(tree, "b", "same");
            WriteFile(tree, "c", new MemoryStream(new byte[Large]));
            WriteFile(tree, "d", new MemoryStream(new byte[Large]));
        });

        Assert.Equal(InodeOf(root, "a"), InodeOf(root, "b"));
        Assert.Equal(InodeOf(root, "c"), InodeOf(root, "d"));
    }

    [Theory]
    [InlineData("other", "644", Noon)]
    [InlineData("same", "600", Noon)]
    [InlineData("same", "644", Noon + 1)]
    public void Files_that_differ_in_content_mode_or_time_are_not_shared(string content, string mode, long modified)
    {
        string one = _fixture.Unpack("one", tree => WriteFile(tree, "file", "same"));
        string two = _fixture.Unpack("two", tree => WriteFile(tree, "file", content, mode, modified));

        Assert.NotEqual(InodeOf(one, "file"), InodeOf(two, "file"));
        Assert.Equal(content, File.ReadAllText(Path.Combine(two, "file")));
    }

    [Fact]
    public void Files_that_differ_in_attributes_are_not_shared()
    {
        string one = _fixture.Unpack("one", tree => WriteFile(tree, "file", "same"));
        string two = _fixture.Unpack("two", tree =>
            WriteFile(tree, "file", "same", "644", Noon, new Archive.Images.Xattr("user.a", "b"u8.ToArray())));

        Assert.NotEqual(InodeOf(one, "file"), InodeOf(two, "file"));
    }

    [Fact]
    public void A_shared_file_that_somebody_wrote_to_is_replaced()
    {
        string one = _fixture.Unpack("one", tree => WriteFile(tree, "file", "content"));
        File.AppendAllText(Path.Combine(one, "file"), " and more");
        string two = _fixture.Unpack("two", tree => WriteFile(tree, "file", "content"));
        string three = _fixture.Unpack("three", tree => WriteFile(tree, "file", "content"));

        Assert.Equal("content", File.ReadAllText(Path.Combine(two, "file")));
        Assert.Equal(InodeOf(two, "file"), InodeOf(three, "file"));
    }

    [Fact]
    public void More_links_than_a_file_can_have_are_more_files()
    {
        Assert.SkipWhen(MaxLinks() > 70_000, "this file system allows more links than are worth making");
        const int Names = 65_100;
        string root = _fixture.Unpack("image", tree =>
        {
            for (int i = 0; i < Names; i++)
                WriteFile(tree, $"f{i}", "");
        });

        Assert.Equal(Names, Directory.EnumerateFiles(root).Count());
        Assert.NotEqual(InodeOf(root, "f0"), InodeOf(root, $"f{Names - 1}"));
    }

    [Fact]
    public void Removing_the_last_tree_gives_the_files_back()
    {
        _fixture.Unpack("one", tree => WriteFile(tree, "file", "same"));
        _fixture.Unpack("two", tree => WriteFile(tree, "file", "same"));
        string files = Path.Combine(_fixture.Store.Folder, "../files");

        Assert.Equal(TreeRemovalOutcome.Removed, _fixture.Store.Remove(DigestOf("one")));
        Assert.Single(Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories));
        Assert.Equal(TreeRemovalOutcome.Removed, _fixture.Store.Remove(DigestOf("two")));
        Assert.Empty(Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories));
        Assert.Equal(TreeRemovalOutcome.Absent, _fixture.Store.Remove(DigestOf("two")));
    }

    private long MaxLinks()
    {
        // ext4 has 65,000; XFS, btrfs and tmpfs have practically no limit.
        string type = new DriveInfo(_fixture.Folder).DriveFormat;
        return type is "ext2" or "ext3" or "ext4" ? 65_000 : long.MaxValue;
    }

    private static ulong InodeOf(string root, string name)
    {
        using var folder = Files.OpenFolder(root);
        return Files.Status(folder, name).Inode;
    }
}
