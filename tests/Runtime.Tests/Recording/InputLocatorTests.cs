using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>Where a replay finds what the run could read.</summary>
public sealed class InputLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlobStore _blobs;

    public InputLocatorTests()
    {
        _blobs = new BlobStore(new StoreLayout(_folder.At("archive")), Files.SyncFolder);
        Directory.CreateDirectory(_folder.At("data"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What stands at the file's place, whether the archive has it, and what comes of it.</summary>
    [Theory]
    [InlineData("input", false, "place")]
    [InlineData("input", true, "place")]
    [InlineData("other", true, "archive")]
    [InlineData(null, true, "archive")]
    [InlineData(null, false, "missing: '{0}': no such file")]
    [InlineData("longer input", false, "missing: '{0}': has 12 bytes, expected 5")]
    public void A_file_comes_from_its_place_else_from_the_archive(string? standing, bool isKept, string expected)
    {
        if (standing is not null)
            _folder.Write("data/a", standing);
        if (isKept)
            _blobs.Put(MediaTypes.OctetStream, "input"u8);
        Assert.Equal(string.Format(expected, _folder.At("data/a")), Locate([], Used("/data/a", "input")));
    }

    [Fact]
    public void Same_size_and_other_bytes_are_missing_and_both_digests_are_said()
    {
        _folder.Write("data/a", "ouput");
        string said = Locate([], Used("/data/a", "input"));
        Assert.Contains(ContentHash.Of("ouput"u8).Sha256, said, StringComparison.Ordinal);
        Assert.Contains($"expected 'sha256:{ContentHash.Of("input"u8).Sha256}'", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_digest_proves_nothing_and_a_wrong_sha512_is_not_overlooked()
    {
        _folder.Write("data/a", "input");
        var file = Used("/data/a", "input");
        Assert.Equal("place", Locate([], file with { Digest = file.Digest! with { Md5 = new string('0', 32) } }));
        Assert.StartsWith("missing", Locate([], file with { Digest = file.Digest! with { Sha512 = new string('0', 128) } }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_its_place_is_no_input()
    {
        string path = Directory.CreateDirectory(_folder.At("data/a")).FullName;
        Assert.Equal($"missing: '{path}': is no regular file", Locate([], Used("/data/a", "input")));
    }

    [Fact]
    public void A_link_in_its_place_will_do_if_it_leads_to_the_same_content()
    {
        File.CreateSymbolicLink(_folder.At("data/a"), _folder.Write("elsewhere", "input"));
        Assert.Equal("place", Locate([], Used("/data/a", "input")));
        File.CreateSymbolicLink(_folder.At("data/b"), "nowhere");
        Assert.Equal($"missing: '{_folder.At("data/b")}': no such file", Locate([], Used("/data/b", "input")));
    }

    /// <summary>Destination of --bind, where the file is, and where it is looked for.</summary>
    [Theory]
    [InlineData("/data", "moved/sub/a")]
    [InlineData("/data/sub", "moved/a")]
    [InlineData("/data/sub/a", "moved")]
    [InlineData("/data/", "moved/sub/a")]
    public void A_bind_says_where_a_mount_a_folder_or_a_file_is_now(string destination, string place)
    {
        _folder.Write(place, "input");
        var locator = Locator(new BindMount(_folder.At("moved"), destination));
        var found = Assert.Single(locator.Locate([Used("/data/sub/a", "input")]));
        Assert.Equal(_folder.At(place), found.HostPath);
        Assert.Equal(
            [new Relocation { Path = destination.TrimEnd('/'), Source = _folder.At("moved") }], locator.Relocated);
    }

    [Fact]
    public void A_bind_does_not_hide_what_lies_beside_it()
    {
        _folder.Write("data/b", "input");
        _folder.Write("moved", "input");
        var found = Locator(new BindMount(_folder.At("moved"), "/data/a")).Locate([Used("/data/a", "input"), Used("/data/b", "input")]);
        Assert.Equal([_folder.At("moved"), _folder.At("data/b")], found.Select(input => input.HostPath));
    }

    [Fact]
    public void Content_from_the_archive_is_said_in_the_record()
    {
        _blobs.Put(MediaTypes.OctetStream, "input"u8);
        var locator = Locator();
        var found = Assert.Single(locator.Locate([Used("/data/a", "input")]));
        Assert.Equal(Digest.Of("input"u8), found.Blob!.Digest);
        Assert.Equal([new Relocation { Path = "/data/a", Source = "archive" }], locator.Relocated);
    }

    [Fact]
    public void A_file_the_run_did_not_hash_is_found_by_its_size_and_called_unproved()
    {
        _folder.Write("data/a", "tupni");
        var found = Assert.Single(Locator().Locate([Used("/data/a", "input") with { Digest = null, NotHashed = "too many" }]));
        Assert.True(found.IsUnproved);
    }

    [Fact]
    public void Folders_and_links_need_not_be_found() => Assert.Equal(
        "", Locate([], Used("/data/a", "input") with { Kind = FileKind.Folder }, Used("/data/b", "input") with { Kind = FileKind.Link }));

    [Fact]
    public void A_file_belongs_to_the_deepest_mount()
    {
        _folder.Write("data/sub/a", "input");
        _folder.Write("deep/a", "input");
        using var locator = new InputLocator(_blobs, [Bind("/data", "data"), Bind("/data/sub", "deep")], []);
        Assert.Equal(_folder.At("deep/a"), Assert.Single(locator.Locate([Used("/data/sub/a", "input")])).HostPath);
    }

    [Theory]
    [InlineData("/nowhere", "data", "bind '/nowhere': is in no folder that the run had mounted")]
    [InlineData("/database", "data", "bind '/database': is in no folder that the run had mounted")]
    [InlineData("data", "data", "bind 'data': the path in the container is not absolute")]
    [InlineData("/data", "gone", "bind '{0}': no such file or folder on this host")]
    public void A_bind_that_means_nothing_is_refused(string destination, string source, string expected) => Assert.Equal(
        string.Format(expected, _folder.At(source)),
        Assert.Throws<BindException>(() => Locator(new BindMount(_folder.At(source), destination))).Message);

    private string Locate(BindMount[] binds, params UsedFile[] used)
    {
        var locator = Locator(binds);
        var found = locator.Locate(used).Select(input => input.HostPath is null ? "archive" : "place");
        return string.Join("; ", found.Concat(locator.Missing.Select(input => $"missing: {input.Reason}")));
    }

    private InputLocator Locator(params BindMount[] binds) => new(_blobs, [Bind("/data", "data")], binds);

    private Mount Bind(string destination, string source) => new()
    {
        Kind = "bind",
        Source = _folder.At(source),
        Destination = destination,
        ReadOnly = false,
        Purpose = "bind",
        IsFile = false,
    };

    private static UsedFile Used(string path, string content) => new()
    {
        Path = path,
        Kind = FileKind.File,
        Mode = "0644",
        Size = content.Length,
        Digest = ContentHash.Of(Encoding.UTF8.GetBytes(content)),
        Kept = false,
    };
}
