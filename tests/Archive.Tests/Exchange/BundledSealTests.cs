using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;
using SampleArchive = Provenance.Archive.Tests.Catalog.SampleArchive;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>Seals over the log that a record came from go along with it, prove its time where it comes to, and go on from there.</summary>
public sealed class BundledSealTests : IDisposable
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
    private TestAuthority _clock;

    public BundledSealTests()
    {
        _clock = _first;
        _server = LoopbackServer.Replying(query => _clock.Reply(query, _time.GetUtcNow()));
        foreach (var layout in new[] { _sample.Archive.Layout, _second.Layout, _third.Layout })
        {
            File.WriteAllText(layout.Config, $"[time]\ntsa = \"{_server.Address}\"\n");
            Trust(layout, _first);
        }

        Renew(_sample.Archive.Layout);
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

    [Fact]
    public void A_seal_goes_along_and_proves_its_time_where_the_record_comes_to()
    {
        byte[] tar = FromFirst();
        var imported = _second.Import(tar);

        Assert.Equal((1, 0), (imported.Seals, imported.SealsRefused.Count));
        var name = Assert.Single(Kept(_second));
        Assert.Equal(Sealed, Verify(_second).Signature.ProvenTime!.Time);
        var time = Time(_second);
        Assert.Equal(CheckOutcome.Ok, time.Outcome);
        Assert.StartsWith($"signed before {Sealed:u} (± 1 s), stamped by ", time.Detail, StringComparison.Ordinal);
        Assert.EndsWith($", in seal '{name.Abbreviated}' of an archive it came from", time.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_second.Fsck().Findings, finding => finding.Severity != FsckSeverity.Note);
        Assert.Equal(tar, FromFirst());
    }

    [Fact]
    public void Whose_clock_is_not_believed_there_is_said_and_counts_for_nothing()
    {
        _second.Import(FromFirst());
        File.Delete(Path.Combine(_second.Layout.TimestampTrust, "clock.pem"));

        var time = Time(_second);
        Assert.Equal(CheckOutcome.Absent, time.Outcome);
        Assert.Contains("of an archive it came from, whose time is not believed here: ", time.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_asks_for_a_time_takes_that_of_such_a_seal()
    {
        File.WriteAllText(_second.Layout.TrustPolicy, "[require]\ntime = true\n");
        _second.Import(_sample.Export());
        Assert.Equal(CheckOutcome.Incomplete, Time(_second).Outcome);

        _second.Import(FromFirst());
        Assert.Equal(CheckOutcome.Ok, Time(_second).Outcome);
    }

    [Fact]
    public void The_second_hop_takes_it_along_beside_the_seal_of_its_own()
    {
        _second.Import(FromFirst());
        var name = Assert.Single(Kept(_second));
        _time.Advance(TimeSpan.FromDays(30));
        Renew(_second.Layout);
        byte[] tar = From(_second);

        Assert.Equal(2, _third.Import(tar).Seals);

        Assert.Contains(name, Kept(_third));
        Assert.Equal(2, Kept(_third).Count);
        Assert.Equal(Sealed, Verify(_third).Signature.ProvenTime!.Time);
        Assert.Equal(tar, From(_second));
    }

    [Fact]
    public void A_later_seal_goes_along_too_and_proves_its_time_where_the_first_clock_is_not_believed()
    {
        _clock = _other;
        _time.Advance(TimeSpan.FromDays(30));
        Renew(_sample.Archive.Layout);
        Trust(_second.Layout, _other, "other.pem");
        Assert.Equal(2, _second.Import(FromFirst()).Seals);
        Assert.Equal(Sealed, Verify(_second).Signature.ProvenTime!.Time);

        File.Delete(Path.Combine(_second.Layout.TimestampTrust, "clock.pem"));
        Assert.Equal(Sealed.AddDays(30), Verify(_second).Signature.ProvenTime!.Time);
    }

    [Theory]
    [InlineData(40, true)] // withdrawn after the second seal: the first was there before
    [InlineData(20, false)] // before: whoever stole the key can have made the first on the day of the second
    public void A_seal_over_a_seal_upholds_it_against_a_later_withdrawal_alone(int withdrawnAfter, bool isUpheld)
    {
        _clock = _other;
        _time.Advance(TimeSpan.FromDays(30));
        Renew(_sample.Archive.Layout);
        Trust(_second.Layout, _other, "other.pem");
        _second.Import(FromFirst());
        var list = new CertificateRevocationListBuilder();
        var from = Sealed.AddDays(withdrawnAfter);
        list.AddEntry(_first.Certificate, from, X509RevocationReason.KeyCompromise);
        File.WriteAllBytes(
            Path.Combine(_second.Layout.TimestampTrust, "clock.crl"),
            list.Build(_first.Root, 1, from.AddYears(1), HashAlgorithmName.SHA256, thisUpdate: from));

        Assert.Equal(isUpheld ? Sealed : Sealed.AddDays(30), Verify(_second).Signature.ProvenTime!.Time);
    }

    [Fact]
    public void Records_that_came_to_the_log_later_are_not_in_it()
    {
        var later = _sample.Archive.Accept(7, _sample.OfTheImage);
        using var finder = _sample.Archive.Finder();
        var files = BundleFiles.Of(_sample.Export(proofs: finder.FindProof, roots: [later]));

        // The image's record is older, and its seal goes along; the run's time is not proven by it.
        _second.Import(files.Tar());
        Assert.Equal(CheckOutcome.Ok, Time(_second, _sample.Image).Outcome);
        Assert.Equal(CheckOutcome.Absent, Time(_second, later).Outcome);
    }

    [Fact]
    public void Nothing_that_tidies_up_takes_it_away()
    {
        _second.Import(FromFirst());

        new Reindexer(_second.Blobs, SampleArchive.Sync).Reindex(null, CancellationToken.None);
        new GarbageCollector(_second.Blobs, SampleArchive.Sync, TimeProvider.System).Collect(new GcOptions { OlderThan = TimeSpan.Zero }, CancellationToken.None);

        Assert.Equal(CheckOutcome.Ok, Time(_second).Outcome);
        Assert.DoesNotContain(_second.Fsck().Findings, finding => finding.Severity != FsckSeverity.Note);
    }

    [Theory]
    [InlineData("SHA512SUMS")]
    [InlineData("SHA512SUMS.tst")]
    public void A_damaged_one_is_found_counts_for_nothing_and_is_fetched_again_or_set_aside(string file)
    {
        _second.Import(FromFirst());
        var name = Assert.Single(Kept(_second));
        string backup = Path.Combine(_folder.Path, "backup");
        new ArchiveBackup(_second.Blobs, SampleArchive.Sync).Copy(backup, withKeys: false, null, CancellationToken.None);
        string path = Path.Combine(_second.Layout.OriginSealFolder(name), file);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, Flip(whole));

        var damage = Assert.Single(_second.Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage);
        Assert.Equal($"origins/seals/{name.Hex}", damage.Subject);
        Assert.Equal(CheckOutcome.Absent, Time(_second).Outcome);
        Assert.Equal(1, Plan(_second).SealsLeftOut);
        Assert.Null(Plan(_second).Manifest.Seals);

        Repair(name, "fetched from", backup);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Equal(CheckOutcome.Ok, Time(_second).Outcome);

        File.WriteAllBytes(path, Flip(whole));
        Repair(name, "set aside, for it proves nothing");
        Assert.Empty(Kept(_second));

        Assert.Equal(1, _second.Import(FromFirst()).Seals);
        Assert.Equal(CheckOutcome.Ok, Time(_second).Outcome);
    }

    [Fact]
    public void A_damaged_one_is_mended_by_the_next_import()
    {
        _second.Import(FromFirst());
        string path = Path.Combine(_second.Layout.OriginSealFolder(Assert.Single(Kept(_second))), "SHA512SUMS.tst");
        File.Delete(path);
        Assert.Equal(CheckOutcome.Absent, Time(_second).Outcome);

        _second.Import(FromFirst());

        Assert.Equal(CheckOutcome.Ok, Time(_second).Outcome);
    }

    [Fact]
    public void What_comes_home_is_not_kept_beside_the_own_seals()
    {
        _second.Import(FromFirst());
        var home = new BundleImporter(_sample.Archive.Blobs, SampleArchive.Sync, TrustedCertificates.Load(_sample.Archive.Layout), _second.Clock);
        using var source = BundleSource.Of("home", new MemoryStream(From(_second)));

        Assert.Equal(1, home.Import(source, null, CancellationToken.None).Seals);
        Assert.False(Directory.Exists(_sample.Archive.Layout.OriginSeals));
    }

    [Fact]
    public void One_of_another_signature_than_the_archive_has_is_not_kept_which_is_said()
    {
        using var mallory = SigningKey.Create("Mallory", TestCertificates.From);
        var files = _sample.Files(null, _sample.Image);
        byte[] statement = _sample.Archive.Blobs.Read(_sample.Image, CanonicalJson.MaxBytes);
        files.Replace(_sample.Image, statement, CmsSigner.Sign(statement, mallory, new FakeTimeProvider(RecordSamples.Start)));
        _second.Import(files.Tar());

        using var finder = _sample.Archive.Finder();
        var imported = _second.Import(_sample.Export(proofs: finder.FindProof, roots: [_sample.Image]));

        var refused = Assert.Single(imported.SealsRefused);
        Assert.Equal("it is of other signatures than the archive has", refused.Reason);
        Assert.Empty(Kept(_second));
    }

    [Theory]
    [InlineData("changed line", "is not the seal that 'BUNDLE.json' names")]
    [InlineData("missing token", "is not the seal that 'BUNDLE.json' names")]
    [InlineData("stray", "'BUNDLE.json' names no such seal")]
    [InlineData("twice", "BUNDLE.json: names a seal twice")]
    [InlineData("none", "names 0 seals, expected 1 to 256, or none")]
    [InlineData("other form", "line 7 is neither of a record with its signature nor of a seal")]
    [InlineData("covers one twice", "line 9: names seals of other archives out of order, or twice")]
    [InlineData("covers half of one", "line 7 is neither of a record with its signature nor of a seal")]
    [InlineData("of something else", "its time stamp is of something else")]
    [InlineData("over nothing here", "is over no record of the bundle")]
    [InlineData("no token", "its time stamp is no token of RFC 3161")]
    public void A_bundle_whose_seals_are_not_as_they_must_be_is_refused(string attack, string message)
    {
        var files = BundleFiles.Of(FromFirst());
        var name = Assert.Single(files.Manifest.Seals!).Token.Digest;
        byte[] sums = files[BundleNames.SealSums(name)];
        byte[] token = files[BundleNames.SealToken(name)];
        switch (attack)
        {
            case "changed line":
                files[BundleNames.SealSums(name)] = Flip(sums);
                break;
            case "missing token":
                files.Remove(BundleNames.SealToken(name));
                break;
            case "stray":
                files.Add(BundleNames.SealSums(Digest.Of("stray"u8)), sums);
                break;
            case "twice":
                files.Manifest = files.Manifest with { Seals = [.. files.Manifest.Seals!, .. files.Manifest.Seals!] };
                break;
            case "none":
                files.Manifest = files.Manifest with { Seals = [] };
                break;
            case "other form":
                byte[] longer = [.. sums, .. "0123  /etc/passwd\n"u8];
                Replace(files, name, longer, _first.Stamp(longer, Sealed));
                break;
            case "covers one twice":
                byte[] twice = [.. sums, .. Covered(), .. Covered()];
                Replace(files, name, twice, _first.Stamp(twice, Sealed));
                break;
            case "covers half of one":
                byte[] half = [.. sums, .. Covered()[..220]];
                Replace(files, name, half, _first.Stamp(half, Sealed));
                break;
            case "of something else":
                Replace(files, name, sums, _first.Stamp("something else"u8.ToArray(), Sealed));
                break;
            case "over nothing here":
                byte[] others = SealSums.ToBytes([SealSums.Line(LeafBlob.Of("a"u8)), SealSums.Line(LeafBlob.Of("b"u8))]);
                Replace(files, name, others, _first.Stamp(others, Sealed));
                break;
            default:
                Replace(files, name, sums, "no token"u8.ToArray());
                break;
        }

        var refused = Assert.Throws<BundleException>(() => _third.Import(files.Tar()));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_third.Layout.Origins));
    }

    [Fact]
    public void Sha512sum_and_openssl_alone_check_it()
    {
        Tool.Require("openssl");
        string file = Path.Combine(_folder.Path, "run.prov.tar");
        string stampers = Pem("tsa.pem", _first.Root);
        File.WriteAllBytes(file, _sample.Export());
        var (without, why) = Script(file, stampers);
        Assert.True(without == 1 && why.Contains("its signature has no time stamp, and --tsa asks for one", StringComparison.Ordinal), why);

        File.WriteAllBytes(file, FromFirst());
        var (status, output) = Script(file, stampers);
        Assert.True(status == 0, output);
        Assert.Equal(3, output.Split('\n').Count(line => line == $"  sealed before {Sealed:yyyy-MM-dd HH:mm:ss} UTC"));

        var (byNobody, nobodys) = Script(file, Pem("other.pem", _other.Root));
        Assert.Equal(1, byNobody);
        Assert.Contains("nobody you named vouches for its time", nobodys, StringComparison.Ordinal);

        var files = BundleFiles.Of(FromFirst());
        string name = files.Names.Single(entry => entry.EndsWith("/SHA512SUMS", StringComparison.Ordinal));
        byte[] sums = files[name];
        files[name] = Flip(sums);
        File.WriteAllBytes(file, files.Tar());
        var (changed, what) = Script(file, stampers);
        Assert.Equal(1, changed);
        Assert.Contains($"{name}: its time stamp is of something else", what, StringComparison.Ordinal);

        files.Add(BundleNames.SealSums(Digest.Of("stray"u8)), sums);
        files[name] = sums;
        File.WriteAllBytes(file, files.Tar());
        var (stray, listed) = Script(file, stampers);
        Assert.Equal(1, stray);
        Assert.Contains("seals: BUNDLE.json does not list the very files that are there", listed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_takes_the_time_of_a_later_seal_where_it_was_told_of_that_clock_alone()
    {
        Tool.Require("openssl");
        _clock = _other;
        _time.Advance(TimeSpan.FromDays(30));
        Renew(_sample.Archive.Layout);
        string file = Path.Combine(_folder.Path, "run.prov.tar");
        File.WriteAllBytes(file, FromFirst());

        var (status, output) = Script(file, Pem("other.pem", _other.Root));

        Assert.True(status == 0, output);
        Assert.Contains($"  sealed before {Sealed.AddDays(30):yyyy-MM-dd HH:mm:ss} UTC", output, StringComparison.Ordinal);
    }

    private static byte[] Covered() => SealSums.ToBytes(new CoveredSeal(Digest.Of("seal"u8), new string('a', 128), new string('b', 128)).Lines);

    private static void Replace(BundleFiles files, Digest name, byte[] sums, byte[] token)
    {
        files.Remove(BundleNames.SealSums(name));
        files.Remove(BundleNames.SealToken(name));
        var other = Digest.Of(token);
        files.Add(BundleNames.SealSums(other), sums);
        files.Add(BundleNames.SealToken(other), token);
        files.Manifest = files.Manifest with { Seals = [new BundledSeal { Sums = LeafBlob.Of(sums), Token = LeafBlob.Of(token) }] };
    }

    private (int Status, string Output) Script(string file, string stampers)
    {
        string certificate = Assert.Single(Directory.GetFiles(_sample.Archive.Layout.Keys, "cert.pem", SearchOption.AllDirectories));
        return Tool.Run(
            _folder.Path, "sh", Path.Combine(RepositoryFolder.Schema, "verify-bundle.sh"), "--ca", certificate, "--tsa", stampers, file);
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private void Repair(Digest name, string how, params string[] from)
    {
        var report = new ArchiveRepairer(_second.Blobs, SampleArchive.Sync).Repair(from, null, CancellationToken.None);
        Assert.Contains(report.Repairs, repair => repair.Subject == $"origins/seals/{name.Hex}" && repair.How.StartsWith(how, StringComparison.Ordinal));
        Assert.Empty(report.Unrepaired);
    }

    private void Renew(StoreLayout layout) => Assert.NotNull(new SealMaker(layout, SampleArchive.Sync, _time).Renew(always: true).Folder);

    private byte[] FromFirst()
    {
        using var finder = _sample.Archive.Finder();
        return _sample.Export(proofs: finder.FindProof);
    }

    private byte[] From(Receiver archive)
    {
        var tar = new MemoryStream();
        new BundleExporter(archive.Blobs).Write(Plan(archive), new BundlePacking(), tar, null, CancellationToken.None);
        return tar.ToArray();
    }

    private Bundle Plan(Receiver archive)
    {
        using var finder = archive.Finder();
        var names = new ImageNames(archive.Layout, archive.Blobs, SampleArchive.Sync);
        return new BundlePlanner(archive.Blobs, finder, names, finder.FindProof).Plan([finder.Get(_sample.Run.Hex)], new ExportOptions { Replays = true });
    }

    private static IReadOnlyList<Digest> Kept(Receiver archive) => new OriginSeals(archive.Layout, SampleArchive.Sync).Names;

    private VerificationCheck Time(Receiver archive, Digest? record = null) => Verify(archive, record).Checks.Single(check => check.Name == "time");

    private RecordVerification Verify(Receiver archive, Digest? record = null)
    {
        using var finder = archive.Finder();
        var row = finder.Get((record ?? _sample.Run).Hex);
        var trusted = TrustedCertificates.Load(archive.Layout);
        var seals = new SealCheck(archive.Layout, SampleArchive.Sync, trusted.Time);
        return new RecordVerifier(archive.Blobs, trusted, archive.Clock)
            .Verify(row.Record, row.Signature, log: finder.CheckLog, seals: (one, signature) => finder.FindSeal(one, signature, seals));
    }

    private static void Trust(StoreLayout layout, TestAuthority clock, string name = "clock.pem")
    {
        Directory.CreateDirectory(layout.TimestampTrust);
        File.WriteAllText(Path.Combine(layout.TimestampTrust, name), clock.Root.ExportCertificatePem() + "\n");
    }

    private static byte[] Flip(byte[] content)
    {
        byte[] flipped = [.. content];
        flipped[^100] = flipped[^100] == (byte)'0' ? (byte)'1' : (byte)'0';
        return flipped;
    }
}
