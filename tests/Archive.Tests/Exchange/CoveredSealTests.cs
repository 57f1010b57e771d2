using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Tests.Care;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;
using SampleArchive = Provenance.Archive.Tests.Catalog.SampleArchive;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>An archive's own seals are over those that came along, and uphold them when their authorities grow old.</summary>
public sealed class CoveredSealTests : IDisposable
{
    private static readonly DateTimeOffset Sealed = RecordSamples.Start.AddDays(1);

    private readonly SampleBundle _sample = new();
    private readonly Receiver _second = new();
    private readonly Receiver _third = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Sealed);
    private readonly LoopbackServer _server;
    private readonly TestAuthority _first = new();
    private readonly TestAuthority _other = new(root: TestCertificates.Authority("Other Clock CA"));
    private readonly TestAuthority _clock;

    /// <summary>The second archive has a record sealed elsewhere by the first clock; its own seals are by the other, 30 days later.</summary>
    public CoveredSealTests()
    {
        _clock = _first;
        _server = LoopbackServer.Replying(query => _clock.Reply(query, _time.GetUtcNow()));
        foreach (var layout in new[] { _sample.Archive.Layout, _second.Layout, _third.Layout })
        {
            File.WriteAllText(layout.Config, $"[time]\ntsa = \"{_server.Address}\"\n");
            Trust(layout, _first, "clock.pem");
            Trust(layout, _other, "other.pem");
        }

        Assert.NotNull(Renew(_sample.Archive.Layout).Folder);
        _clock = _other;
        _time.Advance(TimeSpan.FromDays(30));
    }

    public void Dispose()
    {
        _server.Dispose();
        _first.Dispose();
        _other.Dispose();
        _sample.Dispose();
        _second.Dispose();
        _third.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(40, true)] // withdrawn after the own seal: the one that came along was there before
    [InlineData(20, false)] // before: whoever stole the key can have made it on the day of the own seal
    public void The_own_seal_upholds_one_that_came_along_against_a_later_withdrawal_alone(int withdrawnAfter, bool isUpheld)
    {
        _second.Import(FromFirst());
        Assert.Equal(1, Renew(_second.Layout).Carried);
        Withdraw(_second.Layout, Sealed.AddDays(withdrawnAfter));

        Assert.Equal(isUpheld ? Sealed : Sealed.AddDays(30), Proven(_second));
    }

    [Fact]
    public void A_seal_that_came_along_later_is_something_new_to_seal_and_is_upheld_from_then_on()
    {
        _second.Import(_sample.Export());
        Assert.Equal((3L, 0), Counts(Renew(_second.Layout)));
        Assert.Null(Renew(_second.Layout).Folder);

        _time.Advance(TimeSpan.FromDays(1));
        _second.Import(FromFirst());
        Assert.Equal((0L, 1), Counts(Renew(_second.Layout)));
        Assert.Null(Renew(_second.Layout).Folder);

        Withdraw(_second.Layout, Sealed.AddDays(40));
        Assert.Equal(Sealed, Proven(_second));
        Assert.DoesNotContain(_second.Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage);
    }

    [Fact]
    public void Sha512sum_alone_checks_an_own_seal_with_what_it_is_over()
    {
        _second.Import(FromFirst());
        string folder = Renew(_second.Layout).Folder!;
        var name = Assert.Single(Kept(_second));

        var (status, output) = Tool.Run(_second.Layout.Root, "sha512sum", "--check", "--strict", Path.Combine(folder, "SHA512SUMS"));

        Assert.True(status == 0, output);
        Assert.Contains($"origins/seals/{name.Hex}/SHA512SUMS.tst: OK", output, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_next_hop_the_seal_of_the_second_archive_upholds_that_of_the_first()
    {
        _second.Import(FromFirst());
        Renew(_second.Layout);

        Assert.Equal(2, _third.Import(From(_second)).Seals);

        Withdraw(_third.Layout, Sealed.AddDays(40));
        Assert.Equal(Sealed, Proven(_third));
        File.Delete(Path.Combine(_third.Layout.TimestampTrust, "clock.crl"));
        File.Delete(Path.Combine(_third.Layout.TimestampTrust, "clock.pem"));
        Assert.Equal(Sealed.AddDays(30), Proven(_third));
    }

    [Fact]
    public void A_seal_of_before_the_record_goes_along_where_it_is_over_one_that_came_along()
    {
        // The seal over all records comes with the image alone; the run comes when the own seal is there already.
        using (var finder = _sample.Archive.Finder())
        {
            _second.Import(_sample.Export(proofs: finder.FindProof, roots: [_sample.Image]));
        }

        Assert.Equal((1L, 1), Counts(Renew(_second.Layout)));
        _second.Import(FromFirst());

        Assert.Equal(2, _third.Import(From(_second)).Seals);
    }

    [Fact]
    public void The_script_believes_a_seal_that_the_next_archive_has_sealed()
    {
        Tool.Require("openssl");
        _second.Import(FromFirst());
        Renew(_second.Layout);
        string file = Path.Combine(_folder.Path, "run.prov.tar");
        File.WriteAllBytes(file, From(_second));
        string stampers = Path.Combine(_folder.Path, "other.pem");
        File.WriteAllText(stampers, _other.Root.ExportCertificatePem() + "\n");
        string certificate = Assert.Single(Directory.GetFiles(_sample.Archive.Layout.Keys, "cert.pem", SearchOption.AllDirectories));

        var (status, output) = Tool.Run(
            _folder.Path, "sh", Path.Combine(RepositoryFolder.Schema, "verify-bundle.sh"), "--ca", certificate, "--tsa", stampers, file);

        Assert.True(status == 0, output);
        Assert.Contains($"  sealed before {Sealed.AddDays(30):yyyy-MM-dd HH:mm:ss} UTC", output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_gone_is_damage_that_a_copy_mends()
    {
        _second.Import(FromFirst());
        Renew(_second.Layout);
        var name = Assert.Single(Kept(_second));
        using var copy = new ArchiveCopy(_second.Layout);
        Directory.Delete(_second.Layout.OriginSealFolder(name), recursive: true);

        var damage = Assert.Single(_second.Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage);
        Assert.Equal($"origins/seals/{name.Hex}", damage.Subject);
        Assert.Equal("is not here, and seal '0001-3' of this archive is over it", damage.Message);
        Assert.Equal(Sealed.AddDays(30), Proven(_second));
        Assert.Equal("a copy of the other archive's seal", Assert.Single(Repair().Unrepaired).Needed);

        Assert.Empty(Repair(copy.Layout.Root).Unrepaired);
        Assert.Equal(Sealed, Proven(_second));
    }

    [Theory]
    [InlineData("lines changed", false)]
    [InlineData("lines gone", false)]
    [InlineData("all gone", true)]
    public void An_own_seal_over_one_that_came_along_is_repaired(string damage, bool fromCopy)
    {
        _second.Import(FromFirst());
        string folder = Renew(_second.Layout).Folder!;
        Assert.NotNull(new SealMaker(_second.Layout, SampleArchive.Sync, _time).Renew(always: true).Folder);
        using var copy = new ArchiveCopy(_second.Layout);
        string sums = Path.Combine(folder, "SHA512SUMS");
        byte[] whole = File.ReadAllBytes(sums);
        switch (damage)
        {
            case "lines changed":
                File.WriteAllBytes(sums, whole[..^30]);
                break;
            case "lines gone":
                File.Delete(sums);
                break;
            default:
                Directory.Delete(folder, recursive: true);
                break;
        }

        Assert.Contains(_second.Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage);
        Assert.Empty(Repair(fromCopy ? [copy.Layout.Root] : []).Unrepaired);
        Assert.Equal(whole, File.ReadAllBytes(sums));
    }

    [Fact]
    public void Lines_out_of_order_in_an_own_seal_are_found()
    {
        _second.Import(FromFirst());
        string folder = Renew(_second.Layout).Folder!;
        string sums = Path.Combine(folder, "SHA512SUMS");
        byte[] lines = File.ReadAllBytes(sums);
        byte[] twice = [.. lines, .. lines[^CoveredSeal.Bytes..]];
        File.WriteAllBytes(sums, twice);
        File.WriteAllBytes(sums + ".tst", _other.Stamp(twice, _time.GetUtcNow()));

        Assert.Contains(
            _second.Fsck().Findings,
            finding => finding.Message.EndsWith("names seals of other archives out of order, or twice", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_kept_now_and_is_another_than_was_listed_is_not_upheld()
    {
        _second.Import(FromFirst());
        string sums = Path.Combine(Renew(_second.Layout).Folder!, "SHA512SUMS");
        string text = File.ReadAllText(sums);
        int at = text.Length - CoveredSeal.Bytes;
        string changed = $"{text[..at]}{(text[at] == '0' ? '1' : '0')}{text[(at + 1)..]}";
        File.WriteAllText(sums, changed);
        File.WriteAllBytes(sums + ".tst", _other.Stamp(File.ReadAllBytes(sums), _time.GetUtcNow()));
        Assert.Equal(Sealed, Proven(_second));

        Withdraw(_second.Layout, Sealed.AddDays(40));

        Assert.Equal(Sealed.AddDays(30), Proven(_second));
    }

    [Fact]
    public void A_damaged_one_is_not_sealed()
    {
        _second.Import(FromFirst());
        File.WriteAllText(new OriginSeals(_second.Layout, SampleArchive.Sync).PlaceOf(Assert.Single(Kept(_second))).TokenPath, "damaged");

        Assert.Equal((3L, 0), Counts(Renew(_second.Layout)));
    }

    [Fact]
    public void More_than_one_seal_may_be_over_are_refused()
    {
        byte[] sums = SealSums.ToBytes(Enumerable.Range(0, CoveredSeal.MaxPerSeal + 1)
            .Select(number => new CoveredSeal(Digest.Parse($"sha256:{number:x64}"), new string('a', 128), new string('b', 128)))
            .SelectMany(seal => seal.Lines));

        Assert.Equal(CoveredSeal.MaxPerSeal, SealContent.Parse(sums.AsSpan(..^CoveredSeal.Bytes)).Covered.Count);
        Assert.Equal(
            "line 32769: is over more than 16384 seals of other archives", Assert.Throws<LogException>(() => SealContent.Parse(sums)).Message);
    }

    private static (long Entries, int Carried) Counts(SealReport report) => (report.Entries, report.Carried);

    private static IReadOnlyList<Digest> Kept(Receiver archive) => new OriginSeals(archive.Layout, SampleArchive.Sync).Names;

    private static void Trust(StoreLayout layout, TestAuthority clock, string name)
    {
        Directory.CreateDirectory(layout.TimestampTrust);
        File.WriteAllText(Path.Combine(layout.TimestampTrust, name), clock.Root.ExportCertificatePem() + "\n");
    }

    /// <summary>The first authority's certificate, with a stolen key as the reason.</summary>
    private void Withdraw(StoreLayout layout, DateTimeOffset from)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_first.Certificate, from, X509RevocationReason.KeyCompromise);
        File.WriteAllBytes(
            Path.Combine(layout.TimestampTrust, "clock.crl"),
            list.Build(_first.Root, 1, from.AddYears(1), HashAlgorithmName.SHA256, thisUpdate: from));
    }

    private SealReport Renew(StoreLayout layout) => new SealMaker(layout, SampleArchive.Sync, _time).Renew(always: false);

    private RepairReport Repair(params string[] from) =>
        new ArchiveRepairer(_second.Blobs, SampleArchive.Sync).Repair(from, null, CancellationToken.None);

    private byte[] FromFirst()
    {
        using var finder = _sample.Archive.Finder();
        return _sample.Export(proofs: finder.FindProof);
    }

    private byte[] From(Receiver archive)
    {
        using var finder = archive.Finder();
        var names = new ImageNames(archive.Layout, archive.Blobs, SampleArchive.Sync);
        var bundle = new BundlePlanner(archive.Blobs, finder, names, finder.FindProof)
            .Plan([finder.Get(_sample.Run.Hex)], new ExportOptions { Replays = true });
        var tar = new MemoryStream();
        new BundleExporter(archive.Blobs).Write(bundle, new BundlePacking(), tar, null, CancellationToken.None);
        return tar.ToArray();
    }

    private DateTimeOffset Proven(Receiver archive)
    {
        using var finder = archive.Finder();
        var row = finder.Get(_sample.Run.Hex);
        var trusted = TrustedCertificates.Load(archive.Layout);
        var seals = new SealCheck(archive.Layout, SampleArchive.Sync, trusted.Time);
        var verified = new RecordVerifier(archive.Blobs, trusted, archive.Clock)
            .Verify(row.Record, row.Signature, log: finder.CheckLog, seals: (one, signature) => finder.FindSeal(one, signature, seals));
        return verified.Signature.ProvenTime!.Time;
    }
}
