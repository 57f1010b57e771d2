using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

namespace Provenance.Web.Lookups;

/// <summary>Finds what a reader holds: each question is one indexed query.</summary>
internal sealed class Lookup(Reader reader, Site site)
{
    private const int Most = 50;
    private const int MinWords = 3;
    private const int MostPeople = 20;

    /// <summary>Whether a name that is right gives an answer would tell a reviewer that it is.</summary>
    private bool IsForReviewers => site.Audience.Review is not null;

    public LookupResult Find(Query query) => query.Kind switch
    {
        QueryKind.Doi => OfPaper(query),
        QueryKind.Address => new LookupResult { Query = query, Page = query.Value },
        QueryKind.Digest => OfDigest(query),
        QueryKind.Prefix => OfPrefix(query),
        QueryKind.Path => OfPath(query),
        QueryKind.Words => OfWords(query),
        _ => new LookupResult { Query = query },
    };

    private LookupResult OfPaper(Query query)
    {
        var doi = Doi.Parse(query.Value);
        var citations = reader.Finder.CitationsOf(doi);
        return new LookupResult { Query = query, Citations = citations, Page = citations.Count > 0 ? Paths.Paper(doi) : null };
    }

    private LookupResult OfDigest(Query query)
    {
        var files = reader.Finder.FilesByDigest(query.Value, Most);
        var found = new LookupResult { Query = query, MadeBy = [.. files.Where(FilePage.IsMade)], UsedBy = [.. files.Where(file => !FilePage.IsMade(file))] };
        if (Digest.TryParseHex(query.Value, out var digest))
        {
            found = found with
            {
                Records = reader.Finder.Find(digest.Hex) is { } row ? [row] : [],
                TakenDown = reader.TakenDown(digest.Hex),
                Images = reader.Finder.ImagesByDigest(digest),
                Signers = !IsForReviewers && site.FindSigner(reader, digest) is { } signer ? [signer] : [],
                Citations = reader.Finder.CitationsOfFigure(digest),
            };
        }

        return found with { Page = PageOf(found) };
    }

    /// <summary>A file that a run made has a page that tells who made and who used it; so has each of the others.</summary>
    private static string? PageOf(LookupResult found) => found switch
    {
        { Records: [var row], MadeBy: [], UsedBy: [] } => Paths.Record(row.Kind, row.Record),
        { Records: [], MadeBy: [], UsedBy: [], Images: [], TakenDown: [var gone] } => Paths.Record(gone.Kind, gone.Of),
        { Records: [], MadeBy: [], UsedBy: [], Images: [var image] } => Paths.Image(image.Manifest),
        { Records: [], MadeBy: [], UsedBy: [], Images: [], Signers: [var signer] } => Paths.Signer(signer.Certificate),
        { Records: [], Images: [], Signers: [] } when found.MadeBy.Count + found.UsedBy.Count > 0 => Paths.File(found.Query.Value),
        _ => null,
    };

    private LookupResult OfPrefix(Query query)
    {
        var words = IsForReviewers ? new LookupResult { Query = query } : OfWords(query);
        var found = words with
        {
            Records = FindRecords(query.Value),
            TakenDown = reader.TakenDown(query.Value),
            Images = [.. FindImage(query.Value), .. words.Images],
        };
        return found with
        {
            Page = found switch
            {
                { Records: [var row], Runs: [], Images: [], MadeBy: [], UsedBy: [], Signers: [], Citations: [] } => Paths.Record(row.Kind, row.Record),
                { Records: [], Runs: [], Images: [], MadeBy: [], UsedBy: [], Signers: [], Citations: [], TakenDown: [var gone] } =>
                    Paths.Record(gone.Kind, gone.Of),
                { Records: [], Runs: [], Images: [var image], MadeBy: [], UsedBy: [], Signers: [], Citations: [] } => Paths.Image(image.Manifest),
                _ => null,
            },
        };
    }

    private IReadOnlyList<RecordRow> FindRecords(string digits)
    {
        try
        {
            return reader.Finder.Find(digits) is { } row ? [row] : [];
        }
        catch (AmbiguousRecordException e)
        {
            return [.. e.Candidates.Select(candidate => reader.Finder.Get(candidate.Hex))];
        }
    }

    private IEnumerable<ImageRow> FindImage(string name)
    {
        try
        {
            return reader.FindImage(name) is { } image ? reader.Finder.ImagesByDigest(image).Take(1) : [];
        }
        catch (ImageException)
        {
            return [];
        }
    }

    private LookupResult OfPath(Query query)
    {
        var files = reader.Finder.FilesByPath(query.Value, Most);
        return new LookupResult { Query = query, MadeBy = [.. files.Where(FilePage.IsMade)], UsedBy = [.. files.Where(file => !FilePage.IsMade(file))] };
    }

    private LookupResult OfWords(Query query)
    {
        var files = reader.Finder.FilesByPath(query.Value, Most);
        bool isLong = query.Value.Length >= MinWords;
        var runs = isLong ? reader.Finder.Runs(new RunQuery { Text = query.Value, Limit = Most }) : [];
        return new LookupResult
        {
            Query = query,
            MadeBy = [.. files.Where(FilePage.IsMade)],
            UsedBy = [.. files.Where(file => !FilePage.IsMade(file))],
            Images = [.. FindImage(query.Value)],
            Signers = isLong ? FindPeople(query.Value) : [],
            Citations = isLong ? reader.Finder.CitationsTitled(query.Value, Most) : [],
            Runs = [.. runs.Concat(reader.Finder.Runs(new RunQuery { Host = query.Value, Limit = Most })).DistinctBy(run => run.Record)],
        };
    }

    private IReadOnlyList<SignerCount> FindPeople(string letters) =>
        [.. reader.Finder.SignersNamed(letters, MostPeople).Select(one => site.FindSigner(reader, one)).OfType<SignerCount>()];
}
