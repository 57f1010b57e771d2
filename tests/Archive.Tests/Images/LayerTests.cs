using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>Layers laid over each other, as the image specification has it and as containers have come to expect it.</summary>
public sealed class LayerTests
{
    [Fact]
    public void A_whiteout_hides_what_is_below_and_nothing_of_its_own_layer() => Assert.Equal(
        ["a/ 0755", "a/new 0644 3"],
        ImportBench.Overlay(
            TarBuilder.New().Folder("a").File("a/old", "old").File("b", "b"),
            TarBuilder.New().File("a/.wh.old").File("a/new", "new").File("a/.wh.new").File(".wh.b").File(".wh.never")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_opaque_folder_hides_what_is_below_wherever_in_the_layer_it_says_so(bool first)
    {
        var upper = TarBuilder.New().Folder("a");
        upper = first ? upper.File("a/.wh..wh..opq").File("a/sub/new", "n") : upper.File("a/sub/new", "n").File("a/.wh..wh..opq");
        Assert.Equal(
            ["a/ 0755", "a/sub/ 0755", "a/sub/new 0644 1"],
            ImportBench.Overlay(
                TarBuilder.New().Folder("a").Folder("a/sub", 0x1C0).File("a/sub/old").File("a/old").Link("a/link", "x"), upper));
    }

    [Fact]
    public void A_file_replaces_a_folder_and_a_folder_a_file() => Assert.Equal(
        ["a 0644 1", "b/ 0700", "b/c 0644 1"],
        ImportBench.Overlay(
            TarBuilder.New().Folder("a").Folder("a/x").File("a/x/y").File("b", "b"),
            TarBuilder.New().File("a", "1").Folder("b", 0x1C0).File("b/c", "c")));

    [Fact]
    public void A_folder_replaces_a_link_to_a_folder() => Assert.Equal(
        ["lib/ 0755", "lib/x 0644 1", "usr/ 0755", "usr/lib/ 0755"],
        ImportBench.Overlay(
            TarBuilder.New().Folder("usr").Folder("usr/lib").Link("lib", "usr/lib"),
            TarBuilder.New().Folder("lib").File("lib/x", "x")));

    [Theory]
    [InlineData("usr/lib")]
    [InlineData("/usr/lib")]
    [InlineData("./usr/../usr/lib/")]
    public void A_link_on_the_way_is_followed_inside_the_root(string target) => Assert.Equal(
        [$"lib -> {target}", "usr/ 0755", "usr/lib/ 0755", "usr/lib/x 0644 1"],
        ImportBench.Overlay(TarBuilder.New().Folder("usr/lib").Link("lib", target), TarBuilder.New().File("lib/x", "x")));

    [Fact]
    public void A_link_as_data_may_point_anywhere() => Assert.Equal(
        ["a -> ../../../etc/passwd", "b -> /nowhere", "c -> c"],
        ImportBench.Overlay(TarBuilder.New().Link("a", "../../../etc/passwd").Link("b", "/nowhere").Link("c", "c")));

    [Fact]
    public void A_hard_link_is_an_entry_of_its_own_also_across_layers() => Assert.Equal(
        ["a 0755 1", "b 0755 1", "c 0755 1", "l -> a", "m -> a"],
        ImportBench.Overlay(
            TarBuilder.New().File("a", "a", 0x1ED).HardLink("b", "./a").Link("l", "a").HardLink("m", "l"),
            TarBuilder.New().HardLink("c", "/b")));

    [Fact]
    public void Changing_one_name_of_a_file_leaves_the_other() => Assert.Equal(
        ["a 0644 3", "b 0644 1"],
        ImportBench.Overlay(TarBuilder.New().File("a", "1").HardLink("b", "a"), TarBuilder.New().File("a", "new")));

    [Fact]
    public void Names_are_normalised() => Assert.Equal(
        ["a/ 0755", "a/b 0644 1", "c 0644 0"],
        ImportBench.Overlay(TarBuilder.New().Folder("./").Folder("./a/").File("/a//./b", "b").File("./c")));

    [Fact]
    public void Missing_parents_are_made() =>
        Assert.Equal(["a/ 0755", "a/b/ 0755", "a/b/c 0644 0"], ImportBench.Overlay(TarBuilder.New().File("a/b/c")));

    [Fact]
    public void A_folder_may_come_again_with_other_permissions() => Assert.Equal(
        ["a/ 0000", "a/b 0644 0"], ImportBench.Overlay(TarBuilder.New().Folder("a").File("a/b").Folder("a", 0)));

    [Fact]
    public void Devices_fifos_and_set_id_bits_are_recorded() => Assert.Equal(
        ["b BlockDevice 1:3", "c CharacterDevice 1:3", "f Fifo ", "s 4755 0", "t/ 1777"],
        ImportBench.Overlay(TarBuilder.New().Device("c", '3').Device("b", '4').Device("f", '6').File("s", "", 0x9ED).Folder("t", 0x3FF)));

    [Fact]
    public void Aufs_leaves_nothing_of_its_own() => Assert.Equal(
        ["a 0644 1"],
        ImportBench.Overlay(TarBuilder.New()
            .File(".wh..wh.aufs").Folder(".wh..wh.orph").Folder(".wh..wh.plnk").File(".wh..wh.plnk/12.34", "x").HardLink("a", ".wh..wh.plnk/12.34")));

    [Fact]
    public void Entries_are_in_order_of_the_bytes_of_their_paths() => Assert.Equal(
        ["a/ 0755", "a-b 0644 0", "a/c 0644 0", "a0 0644 0", "\uE000 0644 0", "\U0001F600 0644 0"],
        ImportBench.Overlay(TarBuilder.New().File("\U0001F600").File("a0").File("a/c").File("\uE000").File("a-b")));

    public static TheoryData<string, string> Hostile => new()
    {
        { "up", "path '../evil': climbs with '..'" },
        { "up inside", "path 'a/../../evil': climbs with '..'" },
        { "hard link up", "path '../../etc/passwd': climbs with '..'" },
        { "hard link to nothing", "hard link 'a': its target 'etc/passwd' is not in the image" },
        { "hard link to a folder", "hard link 'b': its target 'a' is a folder" },
        { "hard link to itself", "hard link 'a': its target 'a' is not in the image" },
        { "out by a link", "path 'l/evil': leads out of the root by a link" },
        { "out by two links", "path 'l/evil': leads out of the root by a link" },
        { "cycle", "path 'a/x': leads through more than 40 links" },
        { "twice", "path 'a': comes twice in one layer" },
        { "twice by a link", "path 'l/a': comes twice in one layer" },
        { "file and folder", "path 'a': comes twice in one layer" },
        { "file over a full folder", "path 'a': comes twice in one layer" },
        { "below a file", "path 'a/b': 'a' is not a folder" },
        { "root as a file", "the root of an image must be a folder" },
        { "long name", "a name longer than 255 bytes" },
        { "deep", "deeper than 512 folders" },
        { "empty link", "link 'a': its target is empty, too long, or holds a NUL" },
        { "whiteout of the parent", "path '.wh...': is a whiteout of nothing" },
        { "whiteout of nothing", "path 'a/.wh.': is a whiteout of nothing" },
        { "huge", "tar: ends in the middle of an entry" },
        { "huge hole", "layer: its files have more than 1073741824 bytes" },
        { "overflowing hole", "image: its files have more than 1099511627776 bytes" },
        { "checksum", "tar: a header has a wrong checksum" },
        { "type", "tar: 'a' is of an unknown type 'M'" },
        { "rubbish after zeros", "tar: something follows a block of zeros" },
        { "no end", "tar: ends without its end mark, so it may have been cut off" },
        { "pax length", "tar: an extended header has a malformed record" },
        { "pax size", "tar: 'a' has a negative size" },
        { "pax NUL", "path 'a?b': holds a NUL" },
        { "pax bomb", "tar: extension headers of more than 524288 bytes" },
        { "sparse overlap", "tar: a sparse map goes back or leaves its file" },
        { "sparse beyond", "tar: a sparse map goes back or leaves its file" },
        { "sparse without data", "tar: 'a' has less data than its sparse map says" },
        { "only extended", "tar: ends after an extended header" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_layers_are_refused_with_one_clear_line(string kind, string message)
    {
        byte[] tar = Make(kind);
        var reader = new Provenance.Archive.Images.Tree.LayerReader(new MemoryTree(), ImportLimits.Default);
        var refused = Assert.Throws<HostileImageException>(
            () => reader.Read(new MemoryStream(tar), tar.Length, true, TestContext.Current.CancellationToken));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_refused_by_name()
    {
        byte[] tar = TarBuilder.New().PaxBytes("path", [(byte)'c', 0xE9]).File("x").Build();
        var reader = new Provenance.Archive.Images.Tree.LayerReader(null, ImportLimits.Default);
        var refused = Assert.Throws<ImageException>(
            () => reader.Read(new MemoryStream(tar), null, true, TestContext.Current.CancellationToken));
        Assert.Equal("file name 'cé': is not UTF-8", refused.Message);
    }

    private static byte[] Make(string kind)
    {
        var tar = TarBuilder.New();
        return kind switch
        {
            "up" => tar.File("../evil").Build(),
            "up inside" => tar.File("a/../../evil").Build(),
            "hard link up" => tar.HardLink("a", "../../etc/passwd").Build(),
            "hard link to nothing" => tar.HardLink("a", "/etc/passwd").Build(),
            "hard link to a folder" => tar.Folder("a").HardLink("b", "a").Build(),
            "hard link to itself" => tar.HardLink("a", "a").Build(),
            "out by a link" => tar.Link("l", "..").File("l/evil").Build(),
            "out by two links" => tar.Folder("d").Link("d/m", "../..").Link("l", "d/m").File("l/evil").Build(),
            "cycle" => tar.Link("a", "b").Link("b", "a").File("a/x").Build(),
            "twice" => tar.File("a").File("./a").Build(),
            "twice by a link" => tar.Folder("d").Link("l", "d").File("d/a").File("l/a").Build(),
            "file and folder" => tar.File("a").Folder("a").Build(),
            "file over a full folder" => tar.File("a/b").File("a").Build(),
            "below a file" => tar.File("a").File("a/b").Build(),
            "root as a file" => tar.File("./").Raw([]).Entry('2', ".", [], "x").Build(),
            "long name" => tar.Pax(("path", new string('x', 256))).File("x").Build(),
            "deep" => tar.Pax(("path", string.Join('/', Enumerable.Repeat("d", 600)))).File("x").Build(),
            "empty link" => tar.Link("a", "").Build(),
            "whiteout of the parent" => tar.File(".wh...").Build(),
            "whiteout of nothing" => tar.File("a/.wh.").Build(),
            "huge" => tar.Entry('0', "a", [], size: 1 << 28).Build(),
            "huge hole" => tar.Pax(("GNU.sparse.map", "0,0"), ("GNU.sparse.size", "1073741825")).File("a").Build(),
            "overflowing hole" => tar.Pax(("GNU.sparse.map", "0,0"), ("GNU.sparse.size", long.MaxValue.ToString())).File("a").Build(),
            "checksum" => tar.Entry('0', "a", [], goodChecksum: false).Build(),
            "type" => tar.Entry('M', "a", []).Build(),
            "rubbish after zeros" => tar.Raw(new byte[512]).File("a").Build(),
            "no end" => tar.File("a").WithoutEnd(),
            "pax length" => tar.Entry('x', "p", "99 a=b\n"u8.ToArray()).File("a").Build(),
            "pax size" => tar.Pax(("size", "-1")).File("a").Build(),
            "pax NUL" => tar.Pax(("path", "a\0b")).File("a").Build(),
            "pax bomb" => tar.Pax(("comment", new string('x', 300_000))).Pax(("comment", new string('x', 300_000))).File("a").Build(),
            "sparse overlap" => tar.Pax(("GNU.sparse.map", "0,4,2,4"), ("GNU.sparse.size", "9")).File("a", "12345678").Build(),
            "sparse beyond" => tar.Pax(("GNU.sparse.map", "8,4"), ("GNU.sparse.size", "9")).File("a", "1234").Build(),
            "sparse without data" => tar.Pax(("GNU.sparse.map", "0,9"), ("GNU.sparse.size", "9")).File("a", "1234").Build(),
            "only extended" => tar.Pax(("path", "x")).Build(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
