using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;

namespace Provenance.Web.Tests;

/// <summary>Records whose every text that strangers may choose is the same, in an archive that holds others too; and the addresses that show them.</summary>
internal sealed record SignedTexts
{
    private static readonly Recorder Recorder = new() { Name = "prov", Version = "1" };

    public required TestSite Site { get; init; }

    public required string Text { get; init; }

    public required Digest Run { get; init; }

    public required Digest Replay { get; init; }

    public required Digest Image { get; init; }

    public required Digest Citation { get; init; }

    public required Digest Endorsement { get; init; }

    public required Digest Tombstone { get; init; }

    /// <summary>Of whoever signed all of them.</summary>
    public required Digest Certificate { get; init; }

    public required Doi Paper { get; init; }

    public static SignedTexts Fill(TestSite site, string text)
    {
        var clock = new FakeTimeProvider(RecordSamples.Start);
        using var key = KeyOf(text);
        var archive = site.Archive;
        byte[] statement = archive.Run(7, run => run with
        {
            Labels = [new Label { Name = "place", Value = text }],
            Image = run.Image with { Manifest = site.Image.Manifest.Digest, Tree = site.Image.Tree, Record = site.ImageRecord, Reference = text },
        });
        var run = Accept(RecordKind.Run, statement);
        var sample = RecordSamples.Replay();
        var replay = Accept(RecordKind.Replay, RecordJson.Serialize(sample with
        {
            Predicate = sample.Predicate with { Run = run, Reason = text, Host = sample.Predicate.Host with { Hostname = text } },
        }));
        var image = Accept(RecordKind.Image, RecordJson.Serialize(RecordSamples.Image()));
        // Any printable character but blanks may stand in a DOI (ISO 26324).
        var doi = Doi.Parse($"10.1234/{string.Concat(text.Where(letter => !char.IsWhiteSpace(letter) && letter != '\u202e'))}");
        var citer = new Citer(archive.Blobs, SampleArchive.Sync, clock, Recorder);
        var (path, digest) = citer.FindOutput(RecordJson.ParseRun(statement).Predicate, SampleArchive.DigestOf("result 7"))!.Value;
        var cited = citer.Cite(statement, key, doi, text, [new CitedFigure { Label = text, Path = path, Digest = digest }]).Citation;
        var endorsed = new Endorser(archive.Blobs, SampleArchive.Sync, clock, Recorder).Endorse(RecordKind.Run, statement, key, text).Endorsement;
        using (var own = new KeyStore(archive.Layout, SampleArchive.Sync, clock).Find()!)
        {
            new Endorser(archive.Blobs, SampleArchive.Sync, clock, Recorder).Endorse(RecordKind.Run, statement, own, text);
        }

        archive.Intake().SequenceIncoming();
        return new SignedTexts
        {
            Site = site,
            Text = text,
            Run = run,
            Replay = replay,
            Image = image,
            Citation = cited,
            Endorsement = endorsed,
            Tombstone = site.TakeDown(site.OtherRun, RecordKind.Run, text),
            Certificate = key.Signer.Fingerprint,
            Paper = doi,
        };

        Digest Accept(RecordKind kind, byte[] bytes) => archive.Intake().Accept(kind, bytes, CmsSigner.Sign(bytes, key, clock));
    }

    /// <summary>Pages on which a text of those stands, or might.</summary>
    public IEnumerable<string> Pages() =>
    [
        .. Showing(), "/runs", "/images", "/stats", "/log", $"/images/{Site.Image.Manifest.Digest}", $"/runs/{Run.Hex}/diff/{Site.Run.Hex}", "/",
        $"/files/sha256:{SampleArchive.DigestOf("result 7").Hex}", $"/runs/{Site.OtherRun.Hex}", $"/runs?signer={Certificate.Hex}",
        $"/runs?label={Uri.EscapeDataString($"place={Text}")}", $"/runs?image={Uri.EscapeDataString(Text)}", $"/runs?text={Uri.EscapeDataString(Text)}",
    ];

    /// <summary>Pages on which a text must stand.</summary>
    public IEnumerable<string> Showing() =>
    [
        $"/runs/{Run.Hex}", $"/replays/{Replay.Hex}", $"/papers/{Paper.Escaped}", "/papers", "/signers", $"/signers/{Certificate.Hex}",
        $"/records/{Citation.Hex}", $"/records/{Endorsement.Hex}", $"/records/{Tombstone.Hex}", "/runs",
    ];

    public IEnumerable<string> Json() =>
    [
        $"/api/v1/runs/{Run.Hex}", $"/api/v1/runs/{Run.Hex}/verification", $"/api/v1/runs/{Run.Hex}/differences/{Site.Run.Hex}", "/api/v1/runs",
        "/api/v1/images", "/api/v1/signers", "/api/v1/files", "/api/v1/replays", "/api/v1/papers",
        "/api/v1/statistics", "/api/v1/log", $"/api/v1/papers/{Paper.Escaped}", "/openapi/v1.json",
        $"/api/v1/lookup?q={Uri.EscapeDataString(Text)}", $"/api/v1/lookup?q={Certificate.Hex}", $"/api/v1/lookup?q={Uri.EscapeDataString(Paper.ToString())}",
        $"/runs/{Run.Hex}/run.json", $"/runs/{Run.Hex}/ro-crate-metadata.json", $"/runs/{Run.Hex}/prov.json", $"/runs/{Run.Hex}/slsa.json",
        $"/runs/{Run.Hex}/datacite.json", $"/runs/{Run.Hex}/linkset.json", "/v2/_catalog",
    ];

    public IEnumerable<string> Xml() =>
    [
        "/feed.atom", $"/feed.atom?paper={Uri.EscapeDataString(Paper.ToString())}", $"/feed.atom?text={Uri.EscapeDataString(Text)}", "/sitemap.xml",
        $"/badge/run/{Run.Hex}.svg", $"/badge/paper/{Paper.Escaped}.svg",
    ];

    /// <summary>In forms that no browser takes for a page.</summary>
    public IEnumerable<string> Others() =>
        [$"/runs/{Run.Hex}/cite.bib", $"/runs/{Run.Hex}/CITATION.cff", $"/runs/{Run.Hex}/prov.provn", $"/runs/{Run.Hex}/signer.pem"];

    /// <summary>A certificate says whatever whoever made it wanted: also what 'prov key create' would not take, such as line ends and great length.</summary>
    private static SigningKey KeyOf(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName($"{name}\r\n\u0001{name}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using var certificate = request.CreateSelfSigned(RecordSamples.Start.AddDays(-1), RecordSamples.Start.AddYears(100));
        return SigningKey.Of(certificate);
    }
}
