using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>Somebody imports lists of an issuer by the hundreds, so that the real one is beyond a bound: it goes along all the same, and counts.</summary>
public sealed class RevocationFloodTests : IDisposable
{
    /// <summary>More than the hundred newest that were looked at before.</summary>
    private const int Flood = 130;

    private static readonly DateTimeOffset Signed = TestCertificates.Now;
    private static readonly FakeTimeProvider Clock = new(Signed);
    private static readonly Recorder Prov = new() { Name = "prov", Version = "1" };

    private readonly SampleBundle _sample = new();
    private readonly Receiver _reader = new();
    private readonly X509Certificate2 _authority = TestCertificates.Authority();
    private readonly X509Certificate2 _impostor = TestCertificates.Authority();
    private readonly X509Certificate2 _bob;
    private readonly SigningKey _bobs;
    private readonly SigningKey _mallory = SigningKey.Create("Mallory", TestCertificates.From);
    private readonly Digest _run;

    public RevocationFloodTests()
    {
        _bob = TestCertificates.Person("Bob", _authority);
        _bobs = SigningKey.Of(_bob, [_authority.RawData]);
        byte[] statement = _sample.Archive.Run(7, _sample.OfTheImage);
        _run = _sample.Archive.Intake().Accept(RecordKind.Run, statement, CmsSigner.Sign(statement, _bobs, Clock));
        Directory.CreateDirectory(_reader.Layout.Trust);
        File.WriteAllText(Path.Combine(_reader.Layout.Trust, "lab.pem"), _authority.ExportCertificatePem() + "\n");
    }

    public void Dispose()
    {
        _sample.Dispose();
        _reader.Dispose();
        _bobs.Dispose();
        _bob.Dispose();
        _mallory.Dispose();
        _authority.Dispose();
        _impostor.Dispose();
    }

    [Fact]
    public void The_list_that_the_issuer_has_signed_goes_along_and_no_forged_one()
    {
        var real = Keep(Naming(_authority, Signed.AddDays(1)), _mallory);
        for (int number = 0; number < Flood; number++)
        {
            Keep(Naming(_impostor, Signed.AddDays(2).AddMinutes(number)), _mallory);
        }

        Assert.Equal([real], ListsIn(Export()));
        Assert.Contains("was revoked on 2026-11-24", TrustInReader(Export()), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_real_ones_those_that_say_something_go_along()
    {
        // Older than the signature, or much newer and silent: neither the list right after it, nor the one that names Bob, may be crowded out.
        var after = Keep(Build(new CertificateRevocationListBuilder(), _authority, Signed.AddDays(1)), _mallory);
        var naming = Keep(Naming(_authority, Signed.AddDays(30)), _mallory);
        for (int number = 0; number < Flood; number++)
        {
            Keep(Build(new CertificateRevocationListBuilder(), _authority, Signed.AddDays(60).AddMinutes(number)), _mallory);
            Keep(Build(new CertificateRevocationListBuilder(), _authority, Signed.AddDays(-60).AddMinutes(-number)), _mallory);
        }

        var lists = ListsIn(Export());

        Assert.Contains(after, lists);
        Assert.Contains(naming, lists);
        Assert.InRange(lists.Count, 3, 16);
        Assert.Contains("was revoked on 2026-11-24", TrustInReader(Export()), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_knows_the_issuers_key_what_the_signer_has_kept_goes_first()
    {
        using var unknown = SigningKey.Of(_bob);
        byte[] statement = _sample.Archive.Run(8, _sample.OfTheImage);
        var run = _sample.Archive.Intake().Accept(RecordKind.Run, statement, CmsSigner.Sign(statement, unknown, Clock));
        var real = Keep(Naming(_authority, Signed.AddDays(2)), unknown);
        for (int number = 0; number < Flood; number++)
        {
            Keep(Build(new CertificateRevocationListBuilder(), _impostor, Signed.AddDays(2)), _mallory, number);
        }

        var lists = ListsIn(BundleFiles.Of(_sample.Export(roots: [run])));

        Assert.Contains(real, lists);
        Assert.InRange(lists.Count, 1, 16);
    }

    [Fact]
    public void Whoever_verifies_finds_the_signers_own_list_beyond_the_bound()
    {
        var real = Keep(Naming(_authority, Signed.AddDays(1)), _bobs);
        _sample.Archive.Intake().SequenceIncoming();
        for (int number = 0; number < 20; number++)
        {
            Keep(Build(new CertificateRevocationListBuilder(), _impostor, Signed.AddDays(1).AddMinutes(number)), _mallory);
        }

        using var finder = _sample.Archive.Finder();
        var issuer = Digest.Of(_authority.SubjectName.RawData);

        Assert.DoesNotContain(real, finder.RevocationListsBy(issuer, [], limit: 10).Select(finder.ListOf));
        Assert.Equal(real, finder.RevocationListsBy(issuer, [Digest.Of(_bob.RawData)], limit: 10).Select(finder.ListOf).First());
    }

    [Fact]
    public void For_one_certificate_the_lists_that_say_something_of_it_are_kept_and_not_the_newest()
    {
        using var ended = TestCertificates.Person("Carol", _authority, until: Signed.AddDays(10));
        var covering = ("covering", Build(new CertificateRevocationListBuilder(), _authority, Signed.AddDays(1)));
        var later = Enumerable.Range(0, 10)
            .Select(number => ($"late {number}", Build(new CertificateRevocationListBuilder(), _authority, Signed.AddDays(20 + number))));

        var lists = RevocationLists.Of(later.Prepend(covering), [_authority], ended, most: 4);

        Assert.Equal(Signed.AddDays(1), lists.PublishedFor(ended, Signed));
        Assert.Equal(4, lists.All.Count());
    }

    [Fact]
    public void A_bundle_with_thousands_of_lists_is_refused()
    {
        Keep(Naming(_authority, Signed.AddDays(1)), _mallory);
        var files = Export();
        var manifest = files.Manifest;
        var list = manifest.Records.Single(record => record.Kind == RecordKind.Revocation);
        BundledRecord[] many =
            [.. Enumerable.Range(0, 4096).Select(number => list with { Record = list.Record with { Sha256 = $"{number:x64}" } })];
        files.Manifest = manifest with { Records = [.. manifest.Records, .. many] };

        var refused = Assert.Throws<BundleException>(() => _reader.Import(files.Tar()));

        Assert.Contains("has 4097 revocation lists, at most 4096 are taken in", refused.Message, StringComparison.Ordinal);
    }

    private BundleFiles Export() => BundleFiles.Of(_sample.Export(roots: [_run]));

    private static List<Digest> ListsIn(BundleFiles files) =>
    [
        .. files.Manifest.Records.Where(record => record.Kind == RecordKind.Revocation)
            .Select(record => RecordJson.ParseRevocation(files[BundleNames.Blob(record.Record.Digest)]).Predicate.List.Digest),
    ];

    private string TrustInReader(BundleFiles files)
    {
        _reader.Import(files.Tar());
        using var finder = _reader.Finder();
        var row = finder.Get(_run.Hex);
        return new RecordVerifier(_reader.Blobs, TrustedCertificates.Load(_reader.Layout), new FakeTimeProvider(Signed.AddDays(100)), finder.Evidence())
            .Verify(row.Record, row.Signature).Signature.Trust!.Reason;
    }

    private byte[] Naming(X509Certificate2 authority, DateTimeOffset at)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_bob, Signed);
        return Build(list, authority, at);
    }

    private static byte[] Build(CertificateRevocationListBuilder list, X509Certificate2 authority, DateTimeOffset at) =>
        list.Build(authority, 7, at.AddDays(30), HashAlgorithmName.SHA384, rsaSignaturePadding: null, at);

    /// <summary>Acknowledged alone: thousands wait, and are put into the log together.</summary>
    private Digest Keep(byte[] list, SigningKey keeper, int number = 0)
    {
        var kept = _sample.Archive.Blobs.Put(MediaTypes.RevocationList, list);
        var unsigned = RevocationStatement.Of(new RevocationRecord
        {
            Recorder = Prov with { Version = $"{number}" },
            List = kept,
            Issuer = Digest.Of(_authority.SubjectName.RawData).Hex,
        });
        byte[] statement = RecordJson.Serialize(unsigned with { Signer = keeper.Signer.PublicKey });
        _sample.Archive.Intake().Acknowledge(RecordKind.Revocation, statement, CmsSigner.Sign(statement, keeper, Clock));
        return kept.Digest;
    }
}
