using System.Text;
using System.Text.Json.Nodes;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Lineage;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>What is said to those who cite. The documents were also validated by hand: see tests/Validators/README.md.</summary>
public sealed class CitationFormatsTests
{
    /// <summary>schema.json of Citation File Format 1.2.0: definitions/doi.</summary>
    [Theory]
    [InlineData("10.1234/example.2026.7", "    doi: \"10.1234/example.2026.7\"\n")]
    [InlineData("10.1002/(sici)1097-4636(199823)43:4<338::aid-jbm16>3.0.co;2-b", "    url: \"https://doi.org/10.1002/%28sici%291097-4636%28199823%2943%3A4%3C338%3A%3Aaid-jbm16%3E3.0.co%3B2-b\"\n")]
    public void A_paper_is_named_as_the_citation_file_allows(string doi, string expected)
    {
        string cff = Encoding.UTF8.GetString(CitationFormats.Cff(Run(doi)));

        Assert.Contains(expected, cff, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_cites_is_not_called_the_author_of_the_paper()
    {
        string cff = Encoding.UTF8.GetString(CitationFormats.Cff(Run("10.1234/abc")));

        Assert.Contains("authors:\n      - name: \"the authors of doi:10.1234/abc\"\n", cff, StringComparison.Ordinal);
        Assert.DoesNotContain("Reader", cff, StringComparison.Ordinal);
    }

    /// <summary>DataCite's schema: the year is a text of four digits, the publisher an object with a name.</summary>
    [Fact]
    public void DataCite_gets_publisher_and_year_in_its_form()
    {
        var json = JsonNode.Parse(CitationFormats.DataCite(Run("10.1234/abc")))!;

        Assert.Equal("{\"name\":\"Laboratory\"}", json["publisher"]!.ToJsonString());
        Assert.Equal("\"2026\"", json["publicationYear"]!.ToJsonString());
        Assert.Equal("10.1234/abc", (string?)json["relatedIdentifiers"]![0]!["relatedIdentifier"]);
    }

    private static CitableRun Run(string doi) => new()
    {
        Row = LineageSamples.Row("fit") with { EndedAt = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero) },
        Citations = [new CitationRow { Record = Digest.Of("c"u8), Run = Digest.Of("fit"u8), Doi = Doi.Parse(doi), Title = "Fits", Figures = [], SignerName = "Reader" }],
        Publisher = "Laboratory",
        Site = "https://runs.example",
    };
}
