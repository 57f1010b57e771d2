using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The ORCID iD and the address in a signer's certificate: on the pages and in what others cite by, and never by a link for reviewers.</summary>
public sealed class SignerContactsTests
{
    private const string Orcid = "0000-0002-1825-0097";
    private const string Email = "j.carberry@brown.example";

    [Fact]
    public async Task Pages_and_citations_have_them()
    {
        await using var site = await TestSite.StartAsync();
        var (run, certificate) = Sign(site);

        foreach (string page in (string[])[$"/runs/{run.Hex}", $"/signers/{certificate.Hex}"])
        {
            string text = await site.GetAsync(page);
            Assert.Contains($"<a href=\"https://orcid.org/{Orcid}\">ORCID iD {Orcid}</a>", text, StringComparison.Ordinal);
            Assert.Contains(Email, text, StringComparison.Ordinal);
        }

        var dataCite = JsonElement.Parse(await site.GetAsync($"/runs/{run.Hex}/datacite.json"));
        var identifier = dataCite.GetProperty("creators")[0].GetProperty("nameIdentifiers")[0];
        Assert.Equal($"https://orcid.org/{Orcid}", identifier.GetProperty("nameIdentifier").GetString());
        Assert.Equal("ORCID", identifier.GetProperty("nameIdentifierScheme").GetString());
        var crate = JsonElement.Parse(await site.GetAsync($"/runs/{run.Hex}/ro-crate-metadata.json"));
        var person = crate.GetProperty("@graph").EnumerateArray().Single(entity => entity.GetProperty("@id").GetString() == $"#certificate-{certificate.Hex}");
        Assert.Equal(($"https://orcid.org/{Orcid}", Email), (person.GetProperty("identifier").GetString(), person.GetProperty("email").GetString()));
        Assert.Contains($"    orcid: \"https://orcid.org/{Orcid}\"\n", await site.GetAsync($"/runs/{run.Hex}/CITATION.cff"), StringComparison.Ordinal);

        // Who has none is shown without.
        Assert.DoesNotContain("orcid", await site.GetAsync($"/runs/{site.Run.Hex}"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("nameIdentifiers", await site.GetAsync($"/runs/{site.Run.Hex}/datacite.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reviewers_are_shown_neither_also_where_a_job_wrote_them()
    {
        await using var site = await TestSite.StartAsync();
        var (run, _) = Sign(site, $"mail {Email} about {Orcid} or https://orcid.org/{Orcid.Replace("-", "", StringComparison.Ordinal)}");
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [run], null);
        Assert.Contains($"about {Orcid}", await site.GetAsync($"/runs/{run.Hex}"), StringComparison.Ordinal);

        foreach (string path in (string[])[$"/runs/{run.Hex}", $"/runs/{run.Hex}/run.json", $"/api/v1/runs/{run.Hex}", "/runs", "/api/v1/runs", $"/api/v1/runs/{run.Hex}/verification"])
        {
            using var response = await site.SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {secret}"));
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
            foreach (string one in (string[])[Orcid, Orcid.Replace("-", "", StringComparison.Ordinal), Email, "carberry", "josiah"])
            {
                Assert.False(text.Contains(one, StringComparison.OrdinalIgnoreCase), $"{path} shows {one}");
            }
        }
    }

    private static (Digest Run, Digest Certificate) Sign(TestSite site, string? label = null)
    {
        using var key = SigningKey.Create("Josiah Carberry", RecordSamples.Start, contacts: new SignerContacts(Email, Orcid));
        byte[] statement = site.Archive.Run(11, run => run with
        {
            Labels = label is null ? run.Labels : [new Label { Name = "note", Value = label }],
            Image = run.Image with { Manifest = site.Image.Manifest.Digest, Tree = site.Image.Tree, Record = site.ImageRecord, Reference = "lab/tools:v1" },
        });
        var run = site.Archive.Intake().Accept(
            RecordKind.Run, statement, CmsSigner.Sign(statement, key, new FakeTimeProvider(RecordSamples.Start)));
        return (run, key.Signer.Fingerprint);
    }
}
