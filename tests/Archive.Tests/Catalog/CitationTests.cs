using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>Papers that rest on runs: found by DOI, by run and by figure; signed, carried along, and refused where they do not fit.</summary>
public sealed class CitationTests : IDisposable
{
    private static readonly FakeTimeProvider Clock = new(RecordSamples.Start);
    private static readonly Doi Paper = Doi.Parse("10.1234/example.7");

    private readonly SampleBundle _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_citation_is_found_by_paper_by_run_and_by_figure()
    {
        var citation = _sample.Cite(_sample.Run, Paper, "Sines, fitted", Figure("Fig. 3"), Figure("Fig. 4"));
        var whole = _sample.Cite(_sample.Run, Doi.Parse("10.5555/other"), null);

        using var finder = _sample.Archive.Finder();
        var byPaper = Assert.Single(finder.CitationsOf(Paper));
        Assert.Equal((citation, _sample.Run, "Sines, fitted", "Ada Example"), (byPaper.Record, byPaper.Run, byPaper.Title, byPaper.SignerName));
        Assert.Equal(["Fig. 3", "Fig. 4"], byPaper.Figures.Select(figure => figure.Label));
        Assert.Equal([citation, whole], finder.CitationsOf(_sample.Run).Select(row => row.Record));
        Assert.Equal(citation, Assert.Single(finder.CitationsOfFigure(SampleArchive.DigestOf("result 1"))).Record);
        Assert.Empty(finder.CitationsOf(Doi.Parse("10.1234/nobody")));
        Assert.Equal([Doi.Parse("10.5555/other"), Paper], finder.Papers());
        Assert.Empty(new Fsck(_sample.Archive.Blobs, SampleArchive.Sync).Check(null, CancellationToken.None).Findings);
    }

    [Fact]
    public void A_file_that_the_run_did_not_make_is_no_figure_of_it()
    {
        var run = RecordJson.ParseRun(_sample.Archive.Blobs.Read(_sample.Run, CanonicalJson.MaxBytes)).Predicate;

        Assert.Null(Citer.FindOutput(run, Digest.Of("another picture"u8)));
        Assert.Equal("/work/results/fit.csv", Citer.FindOutput(run, SampleArchive.DigestOf("result 1"))?.Path);
    }

    [Fact]
    public void A_figure_that_is_no_output_of_its_run_is_told_from_one_that_is()
    {
        var other = new CitedFigure { Label = "Fig. 9", Path = "/work/results/fit.csv", Digest = RecordSamples.DigestsOf("drawn by hand") };
        _sample.Cite(_sample.Run, Paper, "Sines, fitted", Figure("Fig. 3"), other);

        using var finder = _sample.Archive.Finder();

        Assert.Equal([true, false], Assert.Single(finder.CitationsOf(Paper)).Figures.Select(figure => figure.IsOutput));
    }

    [Theory]
    [InlineData("Sines, fitted", true)]
    [InlineData("FITTED", true)]
    [InlineData("nes, fi", true)]
    [InlineData("cosines", false)]
    [InlineData("\" or \"", false)]
    public void A_paper_is_found_by_letters_of_its_title(string text, bool isFound)
    {
        var citation = _sample.Cite(_sample.Run, Paper, "Sines, fitted", Figure("Fig. 3"));
        _sample.Cite(_sample.Run, Doi.Parse("10.5555/other"), null);

        using var finder = _sample.Archive.Finder();

        Digest[] expected = isFound ? [citation] : [];
        Assert.Equal(expected, finder.CitationsTitled(text, 10).Select(row => row.Record));
    }

    [Theory]
    [InlineData("Ada", true)]
    [InlineData("a exam", true)]
    [InlineData("Grace", false)]
    public void A_person_is_found_by_letters_of_the_name_once(string text, bool isFound)
    {
        _sample.Cite(_sample.Run, Paper, "Sines, fitted", Figure("Fig. 3"));
        using var finder = _sample.Archive.Finder();
        Digest[] ada = [.. finder.Tally().Facets(10).Signers.Where(signer => signer.Name.Contains("Ada", StringComparison.Ordinal)).Select(signer => signer.Certificate)];

        Assert.Equal(isFound ? ada : [], finder.SignersNamed(text, 10));
    }

    [Fact]
    public void A_citation_verifies_and_travels_with_its_run()
    {
        var citation = _sample.Cite(_sample.Run, Paper, "Sines, fitted", Figure("Fig. 3"));
        using var receiver = new Receiver();

        var imported = receiver.Import(_sample.Export(new ExportOptions()));

        Assert.Contains(citation, imported.Records.Select(record => record.Record));
        using var finder = receiver.Finder();
        Assert.Equal(citation, Assert.Single(finder.CitationsOf(Paper)).Record);
        Assert.Empty(receiver.Fsck().Findings);
    }

    [Fact]
    public void A_catalog_that_is_made_anew_has_the_same_rows()
    {
        _sample.Cite(_sample.Run, Paper, null, Figure("Fig. 3"));
        var before = Rows();

        new Reindexer(_sample.Archive.Blobs, SampleArchive.Sync).Reindex(null, CancellationToken.None);

        Assert.Equal(before, Rows());
    }

    [Fact]
    public void Who_signs_must_be_who_is_named()
    {
        using var eve = SigningKey.Create("Eve", RecordSamples.Start);
        byte[] statement = Statement(Digest.Of("another certificate"u8));

        var refused = Assert.Throws<TrustException>(() => _sample.Archive.Intake().Accept(RecordKind.Citation, statement, CmsSigner.Sign(statement, eve, Clock)));

        Assert.Contains("signs it, another did", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"doi\":\"10.1234/example.7\"", "\"doi\":\"10.1234/EXAMPLE.7\"")]
    [InlineData("\"doi\":\"10.1234/example.7\"", "\"doi\":\"doi:10.1234/example.7\"")]
    [InlineData("\"label\":\"Fig. 3\"", "\"label\":\"\"")]
    [InlineData("\"label\":\"Fig. 3\"", "\"label\":\"Fig.\\n3\"")]
    [InlineData("\"name\":\"run\"", "\"name\":\"image\"")]
    [InlineData("\"title\":\"Sines\"", "\"title\":\"\"")]
    public void What_is_not_in_its_limits_is_refused(string good, string bad)
    {
        string text = System.Text.Encoding.UTF8.GetString(Statement(Digest.Of("certificate"u8)));
        RecordJson.ParseCitation(System.Text.Encoding.UTF8.GetBytes(text));
        string spoilt = text.Replace(good, bad, StringComparison.Ordinal);

        Assert.NotEqual(text, spoilt);
        Assert.Throws<RecordFormatException>(() => RecordJson.ParseCitation(System.Text.Encoding.UTF8.GetBytes(spoilt)));
    }

    [Fact]
    public void Runs_are_listed_page_by_page_without_one_twice_or_missing()
    {
        var all = Enumerable.Range(2, 9).Select(number => _sample.Archive.Accept(number)).Append(_sample.Run).ToHashSet();
        using var finder = _sample.Archive.Finder();
        var seen = new List<Digest>();
        RunPlace? after = null;
        do
        {
            var page = finder.Runs(new RunQuery { Limit = 3, After = after });
            seen.AddRange(page.Select(run => run.Record));
            after = page.Count == 3 ? RunPlace.Of(page[^1]) : null;
            Assert.True(after is null || (RunPlace.TryParse(after.ToString(), out var read) && read == after));
        }
        while (after is not null);

        Assert.Equal(all.Count, seen.Count);
        Assert.Equal(all, [.. seen]);
    }

    [Fact]
    public void What_most_runs_have_in_common_is_counted()
    {
        _sample.Archive.Accept(2);

        using var finder = _sample.Archive.Finder();
        var facets = finder.Facets();

        Assert.Equal(2, Assert.Single(facets.Images).Count);
        Assert.Equal("2026-11", Assert.Single(facets.Months).Value);
        var signer = Assert.Single(facets.Signers);
        Assert.Equal(("Ada Example", 4L, 2L), (signer.Name, signer.Records, signer.Runs));
        Assert.Equal(signer, finder.FindSigner(signer.Certificate));
        Assert.Null(finder.FindSigner(Digest.Of("nobody"u8)));
    }

    private Citer Citer => new(_sample.Archive.Blobs, SampleArchive.Sync, Clock, new Recorder { Name = "prov", Version = "1" });

    private static CitedFigure Figure(string label) =>
        new() { Label = label, Path = "/work/results/fit.csv", Digest = RecordSamples.DigestsOf("result 1") };

    private static byte[] Statement(Digest certificate) => RecordJson.Serialize(CitationStatement.Of(new CitationRecord
    {
        Recorder = new Recorder { Name = "prov", Version = "1" },
        Run = LeafBlob.Of("run"u8),
        Certificate = certificate,
        Doi = Paper,
        Title = "Sines",
        Figures = [Figure("Fig. 3")],
    }));

    private Dictionary<string, string> Rows()
    {
        using var catalog = CatalogDatabase.OpenForReading(_sample.Archive.Layout.CatalogDatabase)!;
        return CatalogRows.HashTables(catalog.Connection).ToDictionary(table => table.Key, table => table.Value.ToString()!);
    }
}
