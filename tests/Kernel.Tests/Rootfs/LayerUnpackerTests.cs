using Provenance.Archive.Images;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;
using Xunit;
using static Provenance.Kernel.Tests.Rootfs.UnpackFixture;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>What an unpacked image is on disk. Run as root and, by <see cref="OrdinaryUserTests"/>, as somebody else.</summary>
public sealed class LayerUnpackerTests : IDisposable
{
    private readonly UnpackFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Files_folders_and_links_are_as_the_image_says()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFolder(tree, "", "711");
            WriteFolder(tree, "bin");
            WriteFile(tree, "bin/tool", "#!/bin/sh\n", "555");
            WriteLink(tree, "bin/alias", "/bin/tool");
            WriteLink(tree, "dangling", "../../nowhere");
        });

        Assert.Equal("#!/bin/sh\n", File.ReadAllText(Path.Combine(root, "bin/tool")));
        Assert.Equal("555", ModeOf(root, "bin/tool"));
        Assert.Equal("711", ModeOf(root, "."));
        Assert.Equal("/bin/tool", new FileInfo(Path.Combine(root, "bin/alias")).LinkTarget);
        Assert.Equal("../../nowhere", new FileInfo(Path.Combine(root, "dangling")).LinkTarget);
    }

    [Fact]
    public void Times_are_kept_to_the_nanosecond_of_folders_too()
    {
        const long BeforeTheEpoch = -1_500_000_000;
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFolder(tree, "lib", modified: 5);
            WriteFile(tree, "lib/module.py", "x = 1\n", modified: Noon);
            WriteFile(tree, "lib/old", "", modified: BeforeTheEpoch);
            WriteLink(tree, "lib/link", "old");
        });

        Assert.Equal(new FileTime(0, 5), StatusOf(root, "lib").Modified);
        Assert.Equal(new FileTime(1_700_000_000, 123_456_789), StatusOf(root, "lib/module.py").Modified);
        Assert.Equal(new FileTime(-2, 500_000_000), StatusOf(root, "lib/old").Modified);
        Assert.Equal(new FileTime(1_700_000_000, 123_456_789), StatusOf(root, "lib/link").Modified);
    }

    [Fact]
    public void Folders_that_forbid_reading_and_writing_are_filled_and_removed()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFolder(tree, "closed", "000");
            WriteFolder(tree, "closed/below", "555");
            WriteFile(tree, "closed/below/file", "content", "000");
        });

        Assert.Equal("0", ModeOf(root, "closed"));
        Assert.Equal(TreeRemovalOutcome.Removed, _fixture.Store.Remove(DigestOf("image")));
        Assert.False(Directory.Exists(root));
        // The lock stays: one whose name is removed guards nothing.
        Assert.Equal($".{DigestOf("image").Hex}.used", Path.GetFileName(Assert.Single(_fixture.CacheNames())));
    }

    [Fact]
    public void Set_id_bits_of_files_and_capabilities_stay_in_the_manifest()
    {
        var capability = new Xattr("security.capability", new byte[] { 1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 });
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFile(tree, "su", "suid", "4755");
            WriteFile(tree, "wall", "sgid", "2755");
            WriteFile(tree, "ping", "capable", "755", Noon, capability);
            WriteFolder(tree, "tmp", "1777");
        });

        Assert.Equal("755", ModeOf(root, "su"));
        Assert.Equal("755", ModeOf(root, "wall"));
        Assert.Equal("1777", ModeOf(root, "tmp"));
        using var folder = Files.OpenFolder(root);
        using var ping = Files.Open(folder, "ping", Files.O_RDONLY);
        Assert.Empty(Files.ListXattrs(ping, "ping"));
    }

    [Fact]
    public void User_attributes_are_set_even_on_a_file_that_forbids_writing()
    {
        var note = new Xattr("user.note", "a note"u8.ToArray());
        string root = _fixture.Unpack("image", tree => WriteFile(tree, "file", "content", "444", Noon, note));

        using var folder = Files.OpenFolder(root);
        using var file = Files.Open(folder, "file", Files.O_RDONLY);
        Assert.SkipWhen(Files.ListXattrs(file, "file").Count == 0, "this file system keeps no user attributes");
        Assert.Equal("a note"u8.ToArray(), Files.FindXattr(file, "user.note", "file"));
        Assert.Equal("444", ModeOf(root, "file"));
    }

    [Fact]
    public void Hard_links_are_one_file()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFile(tree, "one", "content");
            tree.WriteHardLink(At("two"), At("one"));
        });

        Assert.Equal(StatusOf(root, "one").Inode, StatusOf(root, "two").Inode);
    }

    [Fact]
    public void Device_nodes_and_their_hard_links_are_not_made_and_fifos_are()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            tree.WriteDevice(At("null"), Meta(Octal("666")), TreeEntryType.CharacterDevice, 1, 3);
            tree.WriteHardLink(At("also-null"), At("null"));
            tree.WriteDevice(At("pipe"), Meta(Octal("600")), TreeEntryType.Fifo, 0, 0);
            tree.WriteDevice(At("gone"), Meta(Octal("666")), TreeEntryType.BlockDevice, 8, 0);
            tree.Remove(At("gone"));
        });

        Assert.Equal(
            ["pipe"],
            Directory.EnumerateFileSystemEntries(root).Select(path => Path.GetFileName(path)!).Where(name => !MountPlaceholders.IsOne(name)));
        Assert.Equal(Files.S_IFIFO, StatusOf(root, "pipe").Type);
    }

    [Fact]
    public void What_every_container_covers_is_there_and_what_the_image_has_stays()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            tree.WriteFolder(At("etc"), Meta(Octal("755")));
            WriteFile(tree, "etc/hosts", new MemoryStream("127.0.0.1 box\n"u8.ToArray()));
        });

        Assert.Equal("127.0.0.1 box\n", File.ReadAllText(Path.Combine(root, "etc/hosts")));
        Assert.Equal("", File.ReadAllText(Path.Combine(root, "etc/resolv.conf")));
        Assert.All(MountPlaceholders.Folders, folder => Assert.Equal(Files.S_IFDIR, StatusOf(root, folder).Type));
        Assert.Equal(
            MountPlaceholders.FilesOfEtc.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(root, "etc")).Select(path => "etc/" + Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(3 << 20)]      // larger than what is kept in memory
    [InlineData(512 << 10)]
    public void Long_runs_of_zeros_are_holes(int length)
    {
        byte[] content = new byte[length];
        content[0] = 1;
        content[length / 2] = 2;
        string root = _fixture.Unpack("image", tree => WriteFile(tree, "sparse", new MemoryStream(content)));

        Assert.Equal(content, File.ReadAllBytes(Path.Combine(root, "sparse")));
        Assert.InRange(StatusOf(root, "sparse").Blocks * FileStatus.BlockBytes, 1, 256 << 10);
    }

    [Fact]
    public void A_later_layer_replaces_files_by_folders_and_folders_by_files()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFile(tree, "a", "was a file");
            WriteFolder(tree, "b", "555");
            WriteFile(tree, "b/inner", "was in a folder");
            tree.Remove(At("a"));
            WriteFolder(tree, "a", "700");
            WriteFile(tree, "a/inner", "now in a folder");
            tree.Remove(At("b"));
            WriteFile(tree, "b", "now a file");
            WriteFolder(tree, "a", "711");
        });

        Assert.Equal("now in a folder", File.ReadAllText(Path.Combine(root, "a/inner")));
        Assert.Equal("now a file", File.ReadAllText(Path.Combine(root, "b")));
        Assert.Equal("711", ModeOf(root, "a"));
    }

    [Fact]
    public void An_owner_is_kept_by_root_alone()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            using var content = new FileContentStream(_ => 0, 0);
            tree.WriteFile(At("file"), Meta(Octal("640")) with { UserId = 1234, GroupId = 567 }, content);
            tree.WriteLink(At("link"), Meta(Octal("777")) with { UserId = 1234, GroupId = 567 }, "file");
            tree.WriteFolder(At("folder"), Meta(Octal("750")) with { UserId = 1234, GroupId = 567 });
        });

        Assert.All(["file", "link", "folder"], name =>
            Assert.Equal(Identity.EffectiveUid == 0 ? 1234 : Identity.EffectiveUid, StatusOf(root, name).Owner));
        Assert.Equal("640", ModeOf(root, "file"));
    }

    [Fact]
    public void A_link_swapped_in_for_a_folder_is_not_followed()
    {
        string outside = Directory.CreateDirectory(Path.Combine(_fixture.Folder, "outside")).FullName;
        using var tree = _fixture.Store.Begin();
        WriteFolder(tree, "etc");
        WriteFolder(tree, "etc/deep");
        string unpacking = Path.Combine(_fixture.Store.Folder, ".unpacking-0", "etc");
        Directory.Delete(unpacking, recursive: true);
        File.CreateSymbolicLink(unpacking, outside);

        Assert.Throws<SyscallException>(() => WriteFile(tree, "etc/passwd", "root::0:0"));
        Assert.Throws<SyscallException>(() => WriteFile(tree, "etc/deep/passwd", "root::0:0"));
        Assert.Throws<SyscallException>(() => tree.Commit(DigestOf("image")));
        tree.Abort();
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.True(Directory.Exists(outside));
    }

    [Fact]
    public void A_link_in_place_of_a_file_is_not_written_through()
    {
        string victim = Path.Combine(_fixture.Folder, "victim");
        File.AppendAllText(victim, "precious");
        using var tree = _fixture.Store.Begin();
        WriteLink(tree, "file", victim);

        Assert.Throws<SyscallException>(() => WriteFile(tree, "file", "overwritten"));
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void Removing_a_link_to_a_folder_leaves_the_folder()
    {
        string outside = Directory.CreateDirectory(Path.Combine(_fixture.Folder, "outside")).FullName;
        File.AppendAllText(Path.Combine(outside, "kept"), "kept");
        _fixture.Unpack("image", tree =>
        {
            WriteLink(tree, "link", outside);
            tree.Remove(At("link"));
            WriteFolder(tree, "folder");
            WriteLink(tree, "folder/link", outside);
            tree.Remove(At("folder"));
        });

        Assert.True(File.Exists(Path.Combine(outside, "kept")));
    }

    [Fact]
    public void Many_folders_at_once_are_more_than_are_kept_open()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            for (int i = 0; i < 300; i++)
                WriteFolder(tree, $"d{i}");
            for (int i = 0; i < 600; i++)
                WriteFile(tree, $"d{i % 300}/f{i}", $"{i}");
        });

        Assert.Equal("599", File.ReadAllText(Path.Combine(root, "d299/f599")));
    }

    [Fact]
    public void Names_of_the_longest_kind_are_written()
    {
        string name = new('é', 127);
        string path = string.Join('/', Enumerable.Repeat(name, 10));
        string root = _fixture.Unpack("image", tree =>
        {
            for (int i = 1; i <= 10; i++)
                WriteFolder(tree, string.Join('/', Enumerable.Repeat(name, i)));
            WriteFile(tree, path + "/file", "deep");
        });

        Assert.Equal("deep", File.ReadAllText(Path.Combine(root, path, "file")));
    }

    private static FileStatus StatusOf(string root, string path)
    {
        using var folder = Files.OpenFolder(root);
        return Files.Status(folder, path);
    }

    private static string ModeOf(string root, string path) => Convert.ToString(StatusOf(root, path).Mode, 8);
}
