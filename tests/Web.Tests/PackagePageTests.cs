using System.Net;
using System.Text.Json;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What the page of an image and the API say of its packages, and of what its program asks for.</summary>
public sealed class PackagePageTests
{
    private const int Count = 130;

    [Fact]
    public async Task The_page_lists_packages_by_pages_and_by_what_stands_in_their_names()
    {
        await using var site = await TestSite.StartAsync();
        string page = $"/images/{AddImage(site)}";

        string first = await site.GetAsync(page);
        string second = await site.GetAsync($"{page}?after=100");
        string found = await site.GetAsync($"{page}?package=PACKAGE11");
        string none = await site.GetAsync($"{page}?package={Uri.EscapeDataString("<b>")}");

        Assert.Contains($"{Count} packages", first);
        Assert.Contains($"{Count} of dpkg", first);
        Assert.Contains("<code>package099</code>", first);
        Assert.DoesNotContain("<code>package100</code>", first);
        Assert.Contains($"{page}?after=100#packages", first);
        Assert.Contains("<code>package129</code>", second);
        Assert.DoesNotContain("Further packages", second);
        Assert.Contains("<code>package110</code>", found);
        Assert.DoesNotContain("<code>package099</code>", found);
        Assert.Contains("&lt;b&gt;", none);
        Assert.DoesNotContain("value=\"<b>", none);
    }

    [Fact]
    public async Task The_page_says_what_the_program_asks_for()
    {
        await using var site = await TestSite.StartAsync();
        string digest = AddImage(site);

        string html = await site.GetAsync($"/images/{digest}");

        Assert.Contains("What its program asks of a machine", html);
        Assert.Contains("<code>/usr/bin/python3</code>", html);
        Assert.DoesNotContain("What its program asks of a machine", await site.GetAsync($"/images/{site.Image.Manifest.Digest}"));
    }

    [Fact]
    public async Task The_api_has_the_image_and_its_packages()
    {
        await using var site = await TestSite.StartAsync();
        string address = $"/api/v1/images/{AddImage(site)}";

        var image = JsonElement.Parse(await site.GetAsync(address));
        var names = new List<string>();
        for (string? next = $"{address}/packages?limit=50"; next is not null;)
        {
            var list = JsonElement.Parse(await site.GetAsync(next));
            names.AddRange(list.GetProperty("packages").EnumerateArray().Select(package => package.GetProperty("name").GetString()!));
            next = list.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        Assert.Equal(Count, image.GetProperty("packages").GetProperty("count").GetInt32());
        Assert.Equal("/usr/bin/python3", image.GetProperty("program").GetString());
        Assert.Equal("amd64", image.GetProperty("requirements").GetProperty("architecture").GetString());
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"package{i:000}"), names);
        Assert.Equal(
            "package007", JsonElement.Parse(await site.GetAsync($"{address}/packages?name=E007")).GetProperty("packages").EnumerateArray().Single().GetProperty("name").GetString());
        foreach (string wrong in (string[])[$"{address}/packages?limit=0", $"{address}/packages?after=-1", "/api/v1/images/sha256:00", $"/api/v1/images/{site.Run}/packages"])
        {
            using var response = await site.SendAsync(HttpMethod.Get, wrong);
            Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, wrong);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Runs_are_listed_by_a_package_of_their_image()
    {
        await using var site = await TestSite.StartAsync();
        AddImage(site);

        var none = JsonElement.Parse(await site.GetAsync("/api/v1/runs?package=package007"));
        using var page = await site.SendAsync(HttpMethod.Get, "/runs?package=package007%3D1");

        Assert.Equal(0, none.GetProperty("runs").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static string AddImage(TestSite site)
    {
        using var tar = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "etc/issue") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        tar.Position = 0;
        OwningPackage[] owners = [.. Enumerable.Range(0, Count).Select(i => new OwningPackage { Name = $"package{i:000}", Version = "1", Architecture = "all", Manager = "dpkg" })];
        var options = new ImportOptions { Recorder = new Recorder { Name = "prov", Version = "0.1.0" }, Host = new Platform { Os = "linux", Architecture = "amd64" } };
        var image = new ImageImporter(site.Archive.Blobs).ImportLayer(tar, "host", options, owners, TestContext.Current.CancellationToken);
        image = image with { Record = image.Record with { Program = "/usr/bin/python3", Requirements = RecordSamples.RunPredicate().Requirements } };
        byte[] statement = RecordJson.Serialize(ImageStatement.Of(image));
        site.Archive.Intake().Accept(RecordKind.Image, statement, site.Archive.Sign(statement));
        return image.Manifest.Digest.ToString();
    }
}
