using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>Quotas hold also for those who send many things at once, and for what an image becomes here.</summary>
public sealed class PushLimitTests
{
    private const int Quota = 350_000;
    private const int Size = 100_000;
    private const int Senders = 12;
    private static readonly Recorder Recorder = new() { Name = "prov", Version = "1" };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_many_blobs_at_once_those_are_taken_that_there_is_room_for(bool saysItsLength)
    {
        await using var site = await Pusher.OpenAsync();
        var ada = new Pusher(site, "ada");
        new PushedManifests(site.Archive.Layout, TimeProvider.System).SetQuota("ada", Quota);

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => ada.PushBlobAsync(Pusher.Random(Size), saysItsLength), TestContext.Current.CancellationToken)));

        int taken = answers.Count(status => status == HttpStatusCode.Created);
        Assert.Equal(Senders - taken, answers.Count(status => status == HttpStatusCode.Forbidden));
        // Who does not say how much comes may find that several have begun what only one could have ended.
        Assert.InRange(taken, saysItsLength ? Quota / Size : 1, Quota / Size);
        Assert.Equal((long)taken * Size, UploadsOf(site));
    }

    /// <summary>Two servers know of each other by the files of the archive alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_servers_of_one_archive_keep_to_a_quota_together(bool saysItsLength)
    {
        await using var site = await Pusher.OpenAsync();
        await using var other = await TestSite.StartAnotherAsync(site);
        Pusher[] ada = [new(site, "ada"), new(site, "ada", address: other.Addresses[0])];
        new PushedManifests(site.Archive.Layout, TimeProvider.System).SetQuota("ada", Quota);

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(number => Task.Run(
            () => ada[number % 2].PushBlobAsync(Pusher.Random(Size), saysItsLength), TestContext.Current.CancellationToken)));

        int taken = answers.Count(status => status == HttpStatusCode.Created);
        Assert.Equal(Senders - taken, answers.Count(status => status == HttpStatusCode.Forbidden));
        // One server counts what the other is just writing as promised and as written.
        Assert.InRange(taken, 1, Quota / Size);
        Assert.Equal((long)taken * Size, UploadsOf(site));
        Assert.Equal(0, PromisesOf(site));
        while (taken++ < Quota / Size)
        {
            Assert.Equal(HttpStatusCode.Created, await ada[taken % 2].PushBlobAsync(Pusher.Random(Size)));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await ada[0].PushBlobAsync(Pusher.Random(Size)));
        Assert.Equal(HttpStatusCode.Forbidden, await ada[1].PushBlobAsync(Pusher.Random(Size)));
    }

    /// <summary>What a server had promised that was killed is nobody's; of one that lives it is kept.</summary>
    [Fact]
    public async Task A_promise_is_worth_what_whoever_made_it_is_alive()
    {
        await using var site = await Pusher.OpenAsync();
        var ada = new Pusher(site, "ada");
        new PushedManifests(site.Archive.Layout, TimeProvider.System).SetQuota("ada", Quota);
        Directory.CreateDirectory(site.Archive.Layout.Promised);
        string path = Path.Combine(site.Archive.Layout.Promised, $".prov-elsewhere-1.{Digest.Of("ada"u8.ToArray()).Hex}");
        await using (var held = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            held.SetLength(Quota - Size);
            Assert.Equal(HttpStatusCode.Forbidden, await ada.PushBlobAsync(Pusher.Random(Size + 1)));
            Assert.Equal(HttpStatusCode.Created, await new Pusher(site, "ben").PushBlobAsync(Pusher.Random(Size + 1)));
            Assert.True(File.Exists(path));
        }

        Assert.Equal(HttpStatusCode.Created, await ada.PushBlobAsync(Pusher.Random(Size + 1)));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task What_was_refused_leaves_nothing_and_keeps_nobody_from_sending_less()
    {
        await using var site = await Pusher.OpenAsync();
        var ada = new Pusher(site, "ada");
        new PushedManifests(site.Archive.Layout, TimeProvider.System).SetQuota("ada", Size);

        Assert.Equal(HttpStatusCode.Forbidden, await ada.PushBlobAsync(Pusher.Random(Size + 1)));
        Assert.Equal(HttpStatusCode.Forbidden, await ada.PushBlobAsync(Pusher.Random(3 * Size), saysItsLength: false));
        Assert.Equal(0, UploadsOf(site));
        Assert.Equal(HttpStatusCode.Created, await ada.PushBlobAsync(Pusher.Random(Size)));
        Assert.Equal(HttpStatusCode.Forbidden, await ada.PushBlobAsync(Pusher.Random(1)));
    }

    [Fact]
    public async Task Of_a_piece_that_there_is_no_room_for_nothing_is_kept_and_the_upload_goes_on_from_before()
    {
        await using var site = await Pusher.OpenAsync();
        var ada = new Pusher(site, "ada");
        byte[] content = Pusher.Random(Size);
        new PushedManifests(site.Archive.Layout, TimeProvider.System).SetQuota("ada", Size);
        using var begun = await ada.SendAsync(HttpMethod.Post, "/v2/lab/new/blobs/uploads/");
        string session = begun.Headers.Location!.PathAndQuery;

        using var first = await ada.SendAsync(HttpMethod.Patch, session, new ByteArrayContent(content[..1000]));
        using var refused = await ada.SendAsync(HttpMethod.Patch, session, new ByteArrayContent(Pusher.Random(Size)));
        using var second = await ada.SendAsync(HttpMethod.Patch, session, new ByteArrayContent(content[1000..]));
        using var ended = await ada.SendAsync(HttpMethod.Put, $"{session}?digest={Digest.Of(content)}");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Forbidden), (first.StatusCode, refused.StatusCode));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Created), (second.StatusCode, ended.StatusCode));
    }

    [Fact]
    public async Task What_the_archive_holds_at_most_is_kept_to_by_many_at_once()
    {
        await using var site = await Pusher.OpenAsync();
        long held = new DirectoryInfo(site.Archive.Layout.Blobs).EnumerateFiles().Sum(file => file.Length);
        await File.WriteAllTextAsync(
            Path.Combine(site.Archive.Layout.Root, "config.toml"), $"[archive]\nmax_bytes = {held + Quota}\n", TestContext.Current.CancellationToken);
        ArchiveQuota.Check(site.Archive.Layout, TimeProvider.System);
        Pusher[] senders = [.. Enumerable.Range(0, Senders).Select(number => new Pusher(site, $"sender {number}"))];

        var answers = await Task.WhenAll(senders.Select(sender => Task.Run(() => sender.PushBlobAsync(Pusher.Random(Size)), TestContext.Current.CancellationToken)));

        Assert.Equal(Quota / Size, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal((long)(Quota / Size) * Size, UploadsOf(site));
    }

    /// <summary>Many files of a few bytes, which pack well: their list is the most of what is kept.</summary>
    [Theory]
    [InlineData(1000, false)]
    [InlineData(1 << 20, true)]
    public async Task An_image_is_not_unpacked_and_the_list_of_its_files_counts(int more, bool isTaken)
    {
        const int Files = 300;
        await using var site = await Pusher.OpenAsync((site, source, _, reserve) => new ImageImporter(site.Archive.Blobs).Import(
            source,
            new ImportOptions { Recorder = Recorder, Host = new Platform { Os = "linux", Architecture = "amd64" }, LayersAreHere = true, Reserve = reserve },
            tree: null, progress: null, CancellationToken.None).Record.Tree);
        var (layer, diffId) = LayerOf(Files);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{diffId}}}"]}}""");
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{Pusher.Image}}","config":{{Pusher.Describe(MediaTypes.ImageConfig, config)}},"layers":[{{Pusher.Describe(MediaTypes.LayerTarGzip, layer)}}]}""");
        var pushed = new PushedManifests(site.Archive.Layout, TimeProvider.System);
        long sent = layer.Length + config.Length + manifest.Length;
        pushed.SetQuota("ada", sent + more);
        var ada = new Pusher(site, "ada");
        Assert.Equal(HttpStatusCode.Created, await ada.PushBlobAsync(layer));
        Assert.Equal(HttpStatusCode.Created, await ada.PushBlobAsync(config));
        HashSet<string> before = [.. Directory.EnumerateFiles(site.Archive.Layout.Blobs)];

        using var answer = await ada.PushAsync("lab/new", "v1", manifest);

        string warning = string.Concat(answer.Headers.NonValidated.Where(header => header.Key == "Warning").SelectMany(header => header.Value));
        long added = Directory.EnumerateFiles(site.Archive.Layout.Blobs).Where(file => !before.Contains(file)).Sum(file => new FileInfo(file).Length);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(!isTaken, warning.Contains("list of its files", StringComparison.Ordinal));
        Assert.Equal(isTaken ? "" : warning, warning);
        Assert.Equal(added, pushed.BytesOf("ada"));
        Assert.InRange(added - sent, isTaken ? Files * 50 : 0, isTaken ? more : 0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Archive.Layout.Temporary));
    }

    private static (byte[] Gzip, Digest Tar) LayerOf(int files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (int number in Enumerable.Range(0, files))
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"data/file-{number:0000}") { DataStream = new MemoryStream([1, 2, 3]) });
            }
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        return (packed.ToArray(), Digest.Of(tar.ToArray()));
    }

    private static long PromisesOf(TestSite site) => new DirectoryInfo(site.Archive.Layout.Promised).EnumerateFiles().Sum(file => file.Length);

    private static long UploadsOf(TestSite site) => Directory.Exists(site.Archive.Layout.Uploads)
        ? new DirectoryInfo(site.Archive.Layout.Uploads).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.DirectoryName != site.Archive.Layout.Promised).Sum(file => file.Length)
        : 0;
}
