using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Upkeep;

public sealed class ArchiveSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StoreLayout Layout => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_the_file_there_is_no_limit()
    {
        Assert.Equal(new ArchiveSettings(), ArchiveSettings.Read(Layout));
        ArchiveQuota.Check(Layout, TimeProvider.System, long.MaxValue);
    }

    [Theory]
    [InlineData("[archive]\nmax_bytes = 1000\n", 1000L, null)]
    [InlineData("# limits\n[archive]\nmax_bytes = \"500 GiB\" # of blobs\nmin_free_bytes = \"20g\"\n", 500L << 30, 20L << 30)]
    [InlineData("archive = { min_free_bytes = 0x10 }", null, 16L)]
    [InlineData("", null, null)]
    public void Limits_are_numbers_of_bytes_or_sizes(string text, long? max, long? free)
    {
        File.WriteAllText(Layout.Config, text);

        Assert.Equal(new ArchiveSettings { MaxBytes = max, MinFreeBytes = free }, ArchiveSettings.Read(Layout));
    }

    [Fact]
    public void A_registry_has_mirrors_in_order()
    {
        File.WriteAllText(Layout.Config, "[registry.mirrors]\n\"index.docker.io\" = [\"https://a.example/x\", \"http://b.example\"]\nquay = \"https://c.example\"\n");

        var mirrors = ArchiveSettings.Read(Layout).Registry.Mirrors;

        Assert.Equal(["https://a.example/x", "http://b.example/"], mirrors["docker.io"].Select(mirror => mirror.ToString()));
        Assert.Single(mirrors["quay"]);
    }

    [Theory]
    [InlineData("[archive]\nmax_byte = 1", "'archive.max_byte' is not known")]
    [InlineData("[quota]\nmax_bytes = 1", "'quota' is not known")]
    [InlineData("archive = 3", "'archive' is not known")]
    [InlineData("[archive]\nmax_bytes = -1", "'max_bytes' is '-1'")]
    [InlineData("[archive]\nmax_bytes = \"many\"", "'max_bytes' is 'many'")]
    [InlineData("[archive]\nmax_bytes = 1.5", "'max_bytes' is '1.5'")]
    [InlineData("[registry]\nmirror = 1", "'registry.mirror' is not known")]
    [InlineData("[registry]\nmirrors = 1", "'registry.mirrors' is no table")]
    [InlineData("[registry.mirrors]\n\"docker.io\" = 1", "'registry.mirrors' of 'docker.io' is no address")]
    [InlineData("[registry.mirrors]\n\"docker.io\" = [\"x\"]", "'registry.mirrors' has 'x', expected an address")]
    [InlineData("[registry.mirrors]\n\"a b\" = []", "'registry.mirrors' has 'a b', which is no registry")]
    [InlineData("[archive\n", "settings '")]
    [InlineData("[archive]\nmax_bytes = 1\nmax_bytes = 2", "settings '")]
    public void What_cannot_be_understood_is_said(string text, string reason)
    {
        File.WriteAllText(Layout.Config, text);

        var e = Assert.Throws<ArchiveException>(() => ArchiveSettings.Read(Layout));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("4096", 4096L)]
    [InlineData("500M", 500L << 20)]
    [InlineData("20 GiB", 20L << 30)]
    [InlineData("2tb", 2L << 40)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("9007199254740992k", null)]
    [InlineData("-1", null)]
    [InlineData("1.5G", null)]
    [InlineData("12\n", null)]
    [InlineData("", null)]
    public void Sizes_are_read_as_people_write_them(string text, long? bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Fact]
    public void An_archive_beyond_its_limit_refuses_and_names_it()
    {
        var blobs = new BlobStore(Layout, static _ => { });
        blobs.Put(MediaTypes.OctetStream, new byte[3000]);
        File.WriteAllText(Layout.Config, "[archive]\nmax_bytes = 4000");
        ArchiveQuota.Check(Layout, TimeProvider.System);
        ArchiveQuota.Check(Layout, TimeProvider.System, coming: 999);

        var e = Assert.Throws<QuotaException>(() => ArchiveQuota.Check(Layout, TimeProvider.System, coming: 1024));
        Assert.Equal($"archive '{Layout.Root}': holds 2.9 KiB and 1.0 KiB are to come, max_bytes is 3.9 KiB", e.Message);

        blobs.Put(MediaTypes.OctetStream, new byte[2000]);
        File.Delete(Layout.SizeCache);
        Assert.Contains("holds 4.9 KiB, max", Assert.Throws<QuotaException>(() => ArchiveQuota.Check(Layout, TimeProvider.System)).Message);
    }

    [Fact]
    public void A_disk_with_too_little_room_refuses_and_says_how_much_there_is()
    {
        File.WriteAllText(Layout.Config, "[archive]\nmin_free_bytes = \"4000 PiB\"");

        var e = Assert.Throws<QuotaException>(() => ArchiveQuota.Check(Layout, TimeProvider.System));

        Assert.Matches(@"are free on its disk, min_free_bytes is 4000\.0 PiB", e.Message);
    }
}
