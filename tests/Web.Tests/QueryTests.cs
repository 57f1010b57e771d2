using Provenance.Web.Lookups;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>How what somebody types is understood.</summary>
public sealed class QueryTests
{
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("10.1234/Abc.7", QueryKind.Doi, "10.1234/abc.7")]
    [InlineData(" doi:10.1234/abc.7 ", QueryKind.Doi, "10.1234/abc.7")]
    [InlineData("DOI: 10.1234/abc.7", QueryKind.Doi, "10.1234/abc.7")]
    [InlineData("https://doi.org/10.1234/abc.7", QueryKind.Doi, "10.1234/abc.7")]
    [InlineData("http://dx.doi.org/10.1234/abc%3C7%3E", QueryKind.Doi, "10.1234/abc<7>")]
    [InlineData("urn:doi:10.1234/abc", QueryKind.Doi, "10.1234/abc")]
    [InlineData("https://prov.example.org/runs/7f3a9c", QueryKind.Address, "/runs/7f3a9c")]
    [InlineData("https://prov.example.org/lab/papers/10.1234/abc?x=1", QueryKind.Address, "/papers/10.1234/abc")]
    [InlineData("swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2", QueryKind.Foreign, "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2")]
    [InlineData("sha256:" + Sha256, QueryKind.Digest, Sha256)]
    [InlineData("hash://sha256/" + Sha256, QueryKind.Digest, Sha256)]
    [InlineData("SHA256:" + Sha256, QueryKind.Digest, Sha256)]
    [InlineData("@sha256:" + Sha256, QueryKind.Digest, Sha256)]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", QueryKind.Digest, Sha256)]
    [InlineData("E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55", QueryKind.Digest, Sha256)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", QueryKind.Digest, "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("7f3a9c", QueryKind.Prefix, "7f3a9c")]
    [InlineData("sha256:7f3a9c", QueryKind.Prefix, "7f3a9c")]
    [InlineData("7f3", QueryKind.Words, "7f3")]
    [InlineData("/work/results/", QueryKind.Path, "/work/results/")]
    [InlineData("fig3.png", QueryKind.Words, "fig3.png")]
    [InlineData("samtools sort", QueryKind.Words, "samtools sort")]
    [InlineData("", QueryKind.Nothing, "")]
    [InlineData("   ", QueryKind.Nothing, "")]
    [InlineData("javascript:alert(1)", QueryKind.Words, "javascript:alert(1)")]
    [InlineData("//evil.example/runs/x", QueryKind.Path, "//evil.example/runs/x")]
    public void Is_understood_as(string text, object kind, string value)
    {
        var query = Query.Read(text);

        Assert.Equal((QueryKind)kind, query.Kind);
        Assert.Equal(value, query.Value);
        Assert.NotEmpty(query.Words);
    }

    [Fact]
    public void A_text_without_end_is_not_looked_up() => Assert.Equal(QueryKind.Nothing, Query.Read(new string('a', 100_000)).Kind);

    [Theory]
    [InlineData("https://evil.example//evil.example/runs/x")]
    [InlineData("https://evil.example/runs//evil.example")]
    [InlineData("https://evil.example/x/..//runs/x")]
    public void An_address_leads_to_this_site_alone(string text)
    {
        var query = Query.Read(text);

        Assert.True(query.Kind != QueryKind.Address || (query.Value[0] == '/' && query.Value[1] != '/'), query.Value);
    }
}
