using System.Net;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Catalog;
using Provenance.Web.Pages;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What is shown of files that strangers made: looked at, and never executed.</summary>
public sealed class PreviewTests
{
    private const string Script = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>";

    [Theory]
    [InlineData("/w/a.svg", Script, ".svg")]
    [InlineData("/w/a.png", "\u0089PNG\r\n\u001a\n<script>", ".png")]
    [InlineData("/w/a.html", "\u00ff\u00d8\u00ff<html>", ".jpg")]
    [InlineData("/w/a.gif", "GIF89a", ".gif")]
    [InlineData("/w/a.html", "<script>alert(1)</script>", null)]
    [InlineData("/w/a.txt", Script, null)]
    [InlineData("/w/a.svg", "no picture", null)]
    [InlineData("/w/a.png", "<script>alert(1)</script>", null)]
    public void A_picture_is_known_by_its_bytes_and_everything_else_is_text(string path, string content, string? extension)
    {
        using var archive = new SampleArchive();
        var blob = archive.Blobs.Put(MediaTypes.OctetStream, content[0] > 0x7f ? Encoding.Latin1.GetBytes(content) : Encoding.UTF8.GetBytes(content));

        var preview = new Previews(archive.Blobs).Of(path, blob.Digest, blob.Size)!;

        Assert.Equal(extension is null ? null : $"/preview/{blob.Digest}{extension}", preview.Picture);
        Assert.Equal(extension is null ? content : null, preview.Text);
    }

    [Theory]
    [InlineData("a,b\n<b>,2\n", "a|b/<b>|2")]
    [InlineData("only one line", "only one line")]
    public void A_table_is_cells_of_text(string content, string cells)
    {
        using var archive = new SampleArchive();
        var blob = archive.Put(content);

        var preview = new Previews(archive.Blobs).Of("/w/a.csv", blob.Digest, blob.Size)!;

        Assert.Equal(cells, string.Join('/', preview.Rows!.Select(row => string.Join('|', row))));
        Assert.Null(preview.Picture);
    }

    [Theory]
    [InlineData("\0binary")]
    [InlineData("")]
    [InlineData("\u001b[31mred")]
    public void What_is_neither_text_nor_picture_is_not_shown(string content)
    {
        using var archive = new SampleArchive();
        var blob = archive.Put(content);

        Assert.Null(new Previews(archive.Blobs).Of("/w/a.txt", blob.Digest, blob.Size));
        Assert.Null(new Previews(archive.Blobs).Of("/w/a.txt", SampleArchive.DigestOf("not here"), 7));
    }

    [Fact]
    public async Task A_drawing_with_a_script_is_served_in_a_sandbox_and_a_file_only_as_a_download()
    {
        await using var site = await TestSite.StartAsync();
        var blob = site.Archive.Put(Script);

        using var picture = await site.SendAsync(HttpMethod.Get, $"/preview/{blob.Digest}.svg");
        using var file = await site.SendAsync(HttpMethod.Get, $"/blobs/{blob.Digest}");
        using var page = await site.SendAsync(HttpMethod.Get, $"/preview/{blob.Digest}.html");
        using var other = await site.SendAsync(HttpMethod.Get, $"/preview/{blob.Digest}.png");

        string[] policy = picture.Headers.GetValues("Content-Security-Policy").Single().Split(';', StringSplitOptions.TrimEntries);
        Assert.Contains("sandbox", policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain(policy, part => part.StartsWith("script-src", StringComparison.Ordinal) || part.Contains("allow-scripts", StringComparison.Ordinal));
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(MediaTypes.OctetStream, file.Content.Headers.ContentType!.MediaType);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.StatusCode, other.StatusCode));
        Assert.All(new[] { picture, file }, answer => Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single()));
    }

    [Fact]
    public async Task On_the_page_of_a_run_a_drawing_is_a_picture_and_its_text_stands_nowhere()
    {
        await using var site = await TestSite.StartAsync();
        var kept = site.Archive.Put("<script>alert(3)</script>");
        var run = site.Archive.Accept(9, record => record with
        {
            Outcome = record.Outcome with
            {
                Stdout = record.Outcome.Stdout! with { Digest = Archive.Tests.Records.RecordSamples.DigestsOf("<script>alert(3)</script>"), Size = kept.Size, Kept = kept },
            },
        });

        string html = await site.GetAsync($"/runs/{run.Hex}");

        Assert.Contains("&lt;script&gt;alert(3)&lt;/script&gt;", html);
        Assert.DoesNotContain("<script>alert(3)", html);
    }
}
