using Provenance.Archive.Catalog;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Content;
using Provenance.Archive.Differences;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;
using Provenance.Archive.Wording;
using Provenance.Web.Access;
using Provenance.Web.Drawing;
using Provenance.Web.Hosting;
using Provenance.Web.Reading;
using Provenance.Web.Representations;

namespace Provenance.Web.Pages;

/// <summary>Pages about one record: runs, replays, images, and those about these.</summary>
internal static class RecordEndpoints
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/runs/{id}", Run);
        pages.MapGet("/runs/{a}/diff/{b}", Compare);
        pages.MapPost("/runs/{id}/check", Check).DisableAntiforgery();
        pages.MapGet("/replays/{id}", Replay);
        pages.MapGet("/images/{**digest}", Image);
        pages.MapGet("/images/record/{id}", ImageByRecord);
        pages.MapGet("/records/{id}", Other);
    }

    /// <summary>HTML, or a redirection to the representation that is asked for, which has an address of its own.</summary>
    private static IResult Run(Site site, HttpContext http, string id)
    {
        using var reader = site.Shelf.Open();
        var row = reader.Get(id, RecordKind.Run);
        if (row.Record.Hex != id)
        {
            return new SeeOther(Paths.Run(row.Record));
        }

        http.Response.Headers.Vary = "Accept";
        if (Representation.Asked(http.Request) is { } representation)
        {
            return new SeeOther($"{Paths.Run(row.Record)}/{representation.Name}");
        }

        string address = site.AddressOf(http.Request, Paths.Run(row.Record));
        var page = ReadRun(site, reader, row, address);
        var links = Signposting.Of(page, address);
        http.Response.Headers.Link = string.Join(", ", links);
        return Slices.Run.Create(page with
        {
            ByHand = ByHand.Of(site, http.Request, row),
            Head = page.Head with { Links = links, JsonLd = SchemaOrg.Of(page) },
        });
    }

    internal static RunPage ReadRun(Site site, Reader reader, RecordRow row, string address)
    {
        var run = reader.RunOf(row);
        var known = reader.Finder.FindRun(row.Record) ?? throw new RecordNotFoundException(row.Record.Hex);
        var listing = site.Listings.Of(row.Record, stamp => List(run, reader, stamp));
        var replays = reader.Finder.ReplaysOf(row.Record);
        return new RunPage
        {
            Head = Heads.Of(site, $"{PageText.Shorten(known.Command)} ({row.Record.Abbreviated})"),
            Address = address,
            Row = known,
            Record = run,
            Judged = site.Verifications.Of(reader, row, listing.KeptBytes),
            Outputs = listing.Outputs,
            Inputs = listing.Inputs,
            Replays = replays,
            Reproduced = replays.Count(replay => site.Verifications.IsReplication(reader, replay)),
            Endorsements = reader.Finder.EndorsementsOf(row.Record),
            Citations = reader.Finder.CitationsOf(row.Record),
            Lineage = new LineageDrawing(reader.LineageOf(known, LineageDirection.Up), reader.LineageOf(known, LineageDirection.Down)),
        };
    }

    internal static RunListing List(RunRecord run, Reader reader, ArchiveStamp stamp)
    {
        var (inputs, kept) = RunPage.InputsOf(run, reader);
        long made = run.Generated.TotalBytes + (run.Outcome.Stdout?.Kept?.Size ?? 0) + (run.Outcome.Stderr?.Kept?.Size ?? 0);
        return new RunListing(stamp, RunPage.OutputsOf(run, reader), inputs, made + kept);
    }

    private static IResult Compare(Site site, string a, string b)
    {
        using var reader = site.Shelf.Open();
        var (x, y) = (reader.Get(a, RecordKind.Run), reader.Get(b, RecordKind.Run));
        if (x.Record.Hex != a || y.Record.Hex != b)
        {
            return new SeeOther(Paths.Differences(x.Record, y.Record));
        }

        var sections = RunDifferences.Of(RunSides.Of(reader.RunOf(x), reader.Blobs), RunSides.Of(reader.RunOf(y), reader.Blobs), keepSame: false);
        return Slices.Compared.Create(new ComparedPage(
            Heads.Of(site, $"{x.Record.Abbreviated} and {y.Record.Abbreviated}"),
            reader.Finder.FindRun(x.Record)!, reader.Finder.FindRun(y.Record)!, sections));
    }

    private static async Task<IResult> Check(Site site, string id, HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
        {
            return Troubles.BadRequest(site, "Expected a form with the file of a host profile.");
        }

        var form = await request.ReadFormAsync(cancellation);
        if (form.Files.GetFile("profile") is not { Length: > 0 and <= HostProfileJson.MaxBytes } file)
        {
            return Troubles.BadRequest(
                site, $"Expected a host profile of at most {Readable.Bytes(HostProfileJson.MaxBytes)}, as 'prov host --json' prints it.");
        }

        byte[] json = new byte[file.Length];
        using (var content = file.OpenReadStream())
        {
            await content.ReadExactlyAsync(json, cancellation);
        }

        using var reader = site.Shelf.Open();
        var row = reader.Get(id, RecordKind.Run);
        try
        {
            var host = HostProfileJson.Parse(json);
            var assessment = Assessor.Assess(reader.RunOf(row), host);
            bool isForReviewers = site.Audience.Review is not null;
            return Slices.Assessed.Create(new AssessedPage(
                Heads.Of(site, $"{row.Record.Abbreviated} on {(isForReviewers ? "another machine" : host.Hostname)}"),
                reader.Finder.FindRun(row.Record)!,
                isForReviewers ? null : host,
                isForReviewers ? ReviewerAssessment.Of(assessment) : assessment));
        }
        catch (RecordFormatException e)
        {
            return Troubles.BadRequest(site, $"That is no host profile: {e.Message}.");
        }
    }

    private static IResult Replay(Site site, HttpRequest request, string id)
    {
        using var reader = site.Shelf.Open();
        var row = reader.Get(id, RecordKind.Replay);
        if (row.Record.Hex != id)
        {
            return new SeeOther(Paths.Replay(row.Record));
        }

        var replay = reader.ReplayOf(row);
        return Slices.Replay.Create(new ReplayPage(
            Heads.Of(site, $"Replay {row.Record.Abbreviated}"),
            row,
            replay,
            site.Verifications.Of(reader, row, 0),
            ByHand.Of(site, request, row, [.. NamedBy(replay, reader)])));
    }

    private static IResult Image(Site site, HttpRequest request, string digest)
    {
        using var reader = site.Shelf.Open();
        if (!Digest.TryParse(digest, out var manifest) && !Digest.TryParseHex(digest, out manifest))
        {
            return reader.FindImage(Uri.UnescapeDataString(digest)) is { } named
                ? new SeeOther(Paths.Image(named))
                : Troubles.NotFound(site, $"“{digest}” is neither a digest nor the name of an image here.");
        }

        if (reader.Finder.ImagesByDigest(manifest) is not [var found, ..])
        {
            return reader.ImageTakenDown(manifest) is { } tombstone
                ? Troubles.Gone(site, tombstone)
                : Troubles.NotFound(site, $"No image of this archive has anything to do with {digest}.");
        }

        return found.Manifest.ToString() == digest
            ? ShowImage(site, request, reader, reader.Finder.Get(found.Record.Hex))
            : new SeeOther(Paths.Image(found.Manifest));
    }

    private static IResult ImageByRecord(Site site, string id)
    {
        using var reader = site.Shelf.Open();
        return new SeeOther(Paths.Image(reader.ImageOf(reader.Get(id, RecordKind.Image)).Manifest.Digest));
    }

    private static IResult ShowImage(Site site, HttpRequest request, Reader reader, RecordRow row)
    {
        var image = reader.ImageOf(row);
        var digest = image.Manifest.Digest;
        var runs = reader.Finder.Runs(new RunQuery { Image = digest, Limit = RunChoice.PageSize });
        string[] names = [.. reader.ListImages().Where(named => named.Manifest.Digest == digest).Select(named => named.Name).OfType<string>()];
        string host = site.AddressOf(request, "");
        return Slices.Image.Create(new ImagePage
        {
            Head = Heads.Of(site, names.Length > 0 ? $"Image {names[0]}" : $"Image {digest.Abbreviated}") with
            {
                Feed = $"{Feeds.Feeds.Atom}?image={digest}",
            },
            Row = row,
            Record = image,
            Judged = site.Verifications.Of(reader, row, image.Layers.Sum(layer => layer.Blob.Size)),
            ByHand = ByHand.Of(site, request, row, [.. RecordBlobs.Of(image).Where(blob => reader.Blobs.Contains(blob.Digest))
                .Select(blob => (Paths.Blob(blob.Digest), blob.Digest)).Distinct()]),
            Names = names,
            Packages = ShownPackages.Of(image, reader, request.Query),
            Runs = runs,
            RunCount = runs.Count == RunChoice.PageSize ? $"{RunChoice.PageSize} runs or more" : Readable.Count(runs.Count, "run", "runs"),
            PullName = $"{host[(host.IndexOf("://", StringComparison.Ordinal) + 3)..]}/{Registry.RepositoryName.Of(names.FirstOrDefault())}@{digest}",
        });
    }

    /// <summary>
    /// Records about others: endorsements, citations, rotations of keys, lists of revoked certificates, tombstones. Whoever has a page is led there.
    /// </summary>
    private static IResult Other(Site site, HttpRequest request, string id)
    {
        using var reader = site.Shelf.Open();
        var row = reader.Finder.Get(id);
        if (row.Kind is RecordKind.Run or RecordKind.Replay or RecordKind.Image || row.Record.Hex != id)
        {
            return new SeeOther(Paths.Record(row.Kind, row.Record));
        }

        object predicate = RecordJson.ParsePredicate(row.Kind, reader.StatementOf(row));
        var (sentence, about, aboutText) = predicate switch
        {
            EndorsementRecord endorsement => Describe(endorsement),
            CitationRecord citation => Describe(citation),
            TombstoneRecord tombstone => Describe(tombstone),
            RotationRecord rotation => (
                "One key is followed by another",
                Paths.Signer(rotation.Old.Digest),
                $"certificate {rotation.Old.Digest.Abbreviated}, followed by {rotation.New.Digest.Abbreviated}"),
            RevocationRecord revocation => (
                "A list of revoked certificates was to be had", Paths.Blob(revocation.List.Digest), $"list {revocation.List.Digest.Abbreviated}"),
            _ => throw new RecordNotFoundException(id),
        };
        return Slices.OtherRecord.Create(new OtherRecordPage
        {
            Head = Heads.Of(site, $"{StatementTypes.NameOf(row.Kind)} {row.Record.Abbreviated}"),
            Row = row,
            Judged = site.Verifications.Of(reader, row, 0),
            ByHand = ByHand.Of(site, request, row, [.. NamedBy(predicate, reader)]),
            Sentence = sentence,
            About = about,
            AboutText = aboutText,
        });
    }

    /// <summary>What such a record names and may be read here.</summary>
    private static IEnumerable<(string Path, Digest Digest)> NamedBy(object predicate, Reader reader) => predicate switch
    {
        ReplayRecord replay when reader.Finder.Find(replay.Run.Hex) is not null => [StatementAt(replay.Run)],
        EndorsementRecord endorsement when reader.Finder.Find(endorsement.Record.Sha256) is not null => [StatementAt(endorsement.Record.Digest)],
        CitationRecord citation when reader.Finder.Find(citation.Run.Sha256) is not null => [StatementAt(citation.Run.Digest)],
        RevocationRecord revocation => [(Paths.Blob(revocation.List.Digest), revocation.List.Digest)],
        _ => [],
    };

    private static (string Path, Digest Digest) StatementAt(Digest record) => ($"/records/{record.Hex}/record.json", record);

    private static (string Sentence, string About, string AboutText) Describe(EndorsementRecord endorsement) => (
        endorsement.Comment ?? "Somebody stands behind this record",
        Paths.Record(endorsement.Kind, endorsement.Record.Digest),
        $"{StatementTypes.NameOf(endorsement.Kind)} {endorsement.Record.Digest.Abbreviated}");

    private static (string Sentence, string About, string AboutText) Describe(TombstoneRecord tombstone) => (
        $"Taken down: {tombstone.Reason}",
        Paths.Record(tombstone.Kind, tombstone.Record.Digest),
        $"{StatementTypes.NameOf(tombstone.Kind)} {tombstone.Record.Digest.Abbreviated}");

    private static (string Sentence, string About, string AboutText) Describe(CitationRecord citation) => (
        $"doi:{citation.Doi} rests on a run", Paths.Run(citation.Run.Digest), $"run {citation.Run.Digest.Abbreviated}");
}
