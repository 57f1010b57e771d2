using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Care;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>Time stamps over the log: what they prove of a record that has none of its own, and how they are checked.</summary>
public sealed class SealTests : IDisposable
{
    private readonly SampleArchive _archive = new();
    private readonly FakeTimeProvider _time = new(RecordSamples.Start.AddDays(1));
    private readonly LoopbackServer _server;
    private readonly TestAuthority _first = new();
    private TestAuthority _clock;

    public SealTests()
    {
        _clock = _first;
        _server = LoopbackServer.Replying(query => _clock.Reply(query, _time.GetUtcNow()));
        File.WriteAllText(_archive.Layout.Config, $"[time]\ntsa = \"{_server.Address}\"\n");
        Directory.CreateDirectory(_archive.Layout.TimestampTrust);
        Trust(_clock);
    }

    public void Dispose()
    {
        _server.Dispose();
        _clock.Dispose();
        _first.Dispose();
        _archive.Dispose();
    }

    [Fact]
    public void A_record_is_shown_to_be_older_than_the_first_seal_over_it()
    {
        var first = _archive.Accept(1);
        Assert.Equal(1, Renew().Entries);
        var sealedAt = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromDays(30));
        var second = _archive.Accept(2);
        Assert.Equal(CheckOutcome.Absent, Time(second).Outcome);
        Assert.Equal(1, Renew().Entries);

        Assert.Equal(sealedAt, Verify(first).Signature.ProvenTime!.Time);
        Assert.Equal(sealedAt.AddDays(30), Verify(second).Signature.ProvenTime!.Time);
        Assert.Equal(CheckOutcome.Ok, Time(second).Outcome);
        Assert.Equal(VerificationVerdict.Good, Verify(first).Verdict);
    }

    [Fact]
    public void Sha512sum_alone_checks_a_seal()
    {
        _archive.Accept(1);
        Renew();
        _archive.Accept(2);
        string folder = Renew().Folder!;

        var (status, output) = Tool.Run(_archive.Layout.Root, "sha512sum", "--check", "--strict", Path.Combine(folder, "SHA512SUMS"));

        Assert.True(status == 0, output);
        Assert.Contains("seals/0001-1/SHA512SUMS.tst: OK", output, StringComparison.Ordinal);
        Assert.Equal(4, output.Split('\n').Count(line => line.EndsWith(": OK", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0001-1/SHA512SUMS", false)]
    [InlineData("0002-2/SHA512SUMS", false)]
    [InlineData("0001-1/SHA512SUMS.tst", true)]
    [InlineData("0002-2/SHA512SUMS.tst", true)]
    [InlineData("0001-1", true)]
    public void A_damaged_seal_is_repaired(string name, bool fromCopy)
    {
        _archive.Accept(1);
        Renew();
        _archive.Accept(2);
        Renew();
        using var copy = new ArchiveCopy(_archive.Layout);
        string path = Path.Combine(_archive.Layout.Seals, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            RepairTests.Change(path, "damaged");
        }

        Assert.Equal(!fromCopy, Repair().After.IsSound);

        var report = Repair(copy.Layout.Root);

        Assert.True(report.After.IsSound);
        Assert.Equal(fromCopy ? 1 : 0, report.Repairs.Count(repair => repair.Subject.StartsWith("seals/", StringComparison.Ordinal)));
        Assert.All(Directory.EnumerateFiles(copy.Layout.Seals, "*", SearchOption.AllDirectories), file =>
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_archive.Layout.Root, Path.GetRelativePath(copy.Layout.Root, file)))));
    }

    [Fact]
    public void A_token_over_something_else_mends_no_seal()
    {
        _archive.Accept(1);
        Renew();
        using var copy = new ArchiveCopy(_archive.Layout);
        string token = Path.Combine("0001-1", "SHA512SUMS.tst");
        _archive.Accept(2);
        string other = Path.Combine(Renew().Folder!, "SHA512SUMS.tst");
        File.Copy(other, Path.Combine(copy.Layout.Seals, token), overwrite: true);
        RepairTests.Change(Path.Combine(_archive.Layout.Seals, token), "damaged");

        var report = Repair(copy.Layout.Root);

        Assert.False(report.After.IsSound);
        Assert.Contains(report.Unrepaired, damage => damage.Needed == "a copy of the seal");
        Assert.Equal("damaged", File.ReadAllText(Path.Combine(_archive.Layout.Seals, token)));
    }

    [Fact]
    public void Nothing_new_is_not_sealed_again_unless_the_certificate_of_the_clock_runs_out()
    {
        _archive.Accept(1);
        Renew();
        Assert.Null(Renew().Folder);
        Assert.NotNull(Renew(always: true).Folder);

        // The authority's certificate ends in 2040.
        _time.SetUtcNow(new DateTimeOffset(2039, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var renewed = Renew();
        Assert.Equal(0, renewed.Entries);
        Assert.EndsWith("0003-1", renewed.Folder, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_seal_holds_after_its_clock_has_expired()
    {
        _clock = new TestAuthority(until: RecordSamples.Start.AddDays(30));
        Trust(_clock);
        var record = _archive.Accept(1);
        Renew();
        _time.Advance(TimeSpan.FromDays(4000));

        Assert.Equal(CheckOutcome.Ok, Time(record).Outcome);
    }

    [Fact]
    public void A_later_seal_proves_its_time_where_the_first_clock_is_not_believed()
    {
        var record = _archive.Accept(1);
        Renew();
        ChangeClock(30);
        var later = _time.GetUtcNow();
        Renew(always: true);
        Assert.Equal(later.AddDays(-30), Verify(record).Signature.ProvenTime!.Time);

        File.Delete(Path.Combine(_archive.Layout.TimestampTrust, "clock.pem"));

        Assert.Equal(later, Verify(record).Signature.ProvenTime!.Time);
        Assert.Equal(CheckOutcome.Ok, Time(record).Outcome);
    }

    [Theory]
    [InlineData(40, true)] // withdrawn after the second seal: the first was there before
    [InlineData(20, false)] // before: whoever stole the key can have made the first, with any time, on the day of the second
    public void A_seal_over_a_seal_upholds_it_against_a_later_withdrawal_alone(int withdrawnAfter, bool isUpheld)
    {
        var record = _archive.Accept(1);
        var first = _time.GetUtcNow();
        Renew();
        ChangeClock(30);
        Renew(always: true);
        Withdraw(first.AddDays(withdrawnAfter));

        Assert.Equal(isUpheld ? first : first.AddDays(30), Verify(record).Signature.ProvenTime!.Time);
    }

    [Fact]
    public void Without_a_seal_over_it_a_seal_of_a_withdrawn_clock_proves_nothing()
    {
        var record = _archive.Accept(1);
        Renew();
        Withdraw(_time.GetUtcNow().AddDays(40));

        Assert.Null(Verify(record).Signature.ProvenTime);
        Assert.Equal(CheckOutcome.Absent, Time(record).Outcome);
    }

    [Fact]
    public void A_later_seal_that_does_not_list_the_first_proves_nothing()
    {
        var record = _archive.Accept(1);
        string first = Renew().Folder!;
        ChangeClock(30);
        Renew(always: true);
        string sums = Path.Combine(first, "SHA512SUMS");
        File.WriteAllBytes(sums + ".tst", _first.Stamp(File.ReadAllBytes(sums), _time.GetUtcNow()));
        File.Delete(Path.Combine(_archive.Layout.TimestampTrust, "clock.pem"));

        Broken(record, "line 2 is not what the log, or the seal before, has");
    }

    [Fact]
    public void An_empty_log_is_not_sealed() => Assert.Null(Renew().Folder);

    [Fact]
    public void Without_an_authority_there_is_nobody_to_ask()
    {
        _archive.Accept(1);
        File.Delete(_archive.Layout.Config);

        Assert.Contains("no 'time.tsa' names who is to be asked", Assert.Throws<ArchiveException>(() => Renew()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_no_authority_answers_nothing_is_written()
    {
        _archive.Accept(1);
        File.WriteAllText(_archive.Layout.Config, "[time]\ntsa = \"http://127.0.0.1:1/\"\n");

        Assert.StartsWith("no time stamp of the log: ", Assert.Throws<TimestampException>(() => Renew()).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_archive.Layout.Seals));
    }

    [Fact]
    public void A_changed_line_of_a_seal_is_found()
    {
        var record = _archive.Accept(1);
        string sums = Path.Combine(Renew().Folder!, "SHA512SUMS");
        string text = File.ReadAllText(sums);
        File.WriteAllText(sums, (text[0] == '0' ? '1' : '0') + text[1..]);

        Broken(record, "line 1 is not what the log");
    }

    [Fact]
    public void A_line_that_is_missing_or_too_many_is_found()
    {
        var record = _archive.Accept(1);
        string sums = Path.Combine(Renew().Folder!, "SHA512SUMS");
        string text = File.ReadAllText(sums);
        File.WriteAllText(sums, text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)]);
        Broken(record, "line 2 is not what the log");

        File.WriteAllText(sums, text + "00  x\n");
        Broken(record, "has more lines than 2");
    }

    [Fact]
    public void A_token_of_another_seal_is_found()
    {
        var record = _archive.Accept(1);
        string first = Renew().Folder!;
        _archive.Accept(2);
        string second = Renew().Folder!;
        File.Copy(Path.Combine(second, "SHA512SUMS.tst"), Path.Combine(first, "SHA512SUMS.tst"), overwrite: true);

        Broken(record, "its time stamp is of something else");
    }

    [Fact]
    public void A_seal_that_was_made_again_is_found_by_the_next()
    {
        var record = _archive.Accept(1);
        string first = Renew().Folder!;
        _archive.Accept(2);
        string second = Renew().Folder!;
        _time.Advance(TimeSpan.FromDays(1));
        string sums = Path.Combine(first, "SHA512SUMS");
        File.WriteAllBytes(sums + ".tst", _clock.Stamp(File.ReadAllBytes(sums), _time.GetUtcNow()));

        Assert.Equal(CheckOutcome.Ok, Time(record).Outcome);
        Assert.Contains(Damage(), finding => finding.Subject == $"seals/{Path.GetFileName(second)}");
    }

    [Fact]
    public void A_seal_that_is_gone_is_found()
    {
        var record = _archive.Accept(1);
        string first = Renew().Folder!;
        _archive.Accept(2);
        Renew();
        Directory.Delete(first, recursive: true);

        Assert.Contains("expected number 1", Assert.Throws<LogException>(() => Verify(record)).Message, StringComparison.Ordinal);
        Assert.Single(Damage());
    }

    [Fact]
    public void A_seal_of_more_than_the_log_has_is_found()
    {
        _archive.Accept(1);
        Directory.Move(Renew().Folder!, Path.Combine(_archive.Layout.Seals, "0001-9"));

        Assert.Contains("is of 9 entries, and the log has 1", Assert.Single(Damage()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_archive_with_seals_is_sound()
    {
        _archive.Accept(1);
        Renew();
        _archive.Accept(2);
        Renew();

        Assert.Empty(Damage());
    }

    [Fact]
    public void What_a_killed_writer_left_is_no_seal()
    {
        _archive.Accept(1);
        Renew();
        Directory.CreateDirectory(Path.Combine(_archive.Layout.Seals, ".prov-1-2"));

        Assert.Empty(Damage());
        Assert.NotNull(Renew(always: true).Folder);
    }

    /// <summary>Another authority of its own, which is believed too and answers from now on.</summary>
    private void ChangeClock(int days)
    {
        _time.Advance(TimeSpan.FromDays(days));
        _clock = new TestAuthority(root: TestCertificates.Authority("Other Clock CA"));
        File.WriteAllText(Path.Combine(_archive.Layout.TimestampTrust, "other.pem"), _clock.Root.ExportCertificatePem() + "\n");
    }

    /// <summary>The first authority's certificate, with a stolen key as the reason.</summary>
    private void Withdraw(DateTimeOffset from)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_first.Certificate, from, X509RevocationReason.KeyCompromise);
        File.WriteAllBytes(
            Path.Combine(_archive.Layout.TimestampTrust, "clock.crl"),
            list.Build(_first.Root, 1, from.AddYears(1), HashAlgorithmName.SHA256, thisUpdate: from));
    }

    private void Trust(TestAuthority clock) => File.WriteAllText(
        Path.Combine(_archive.Layout.TimestampTrust, "clock.pem"), clock.Root.ExportCertificatePem() + "\n");

    private SealReport Renew(bool always = false) => new SealMaker(_archive.Layout, SampleArchive.Sync, _time).Renew(always);

    private RecordVerification Verify(Digest record)
    {
        using var finder = _archive.Finder();
        var row = finder.Get(record.Hex);
        var trusted = TrustedCertificates.Load(_archive.Layout);
        var seals = new SealCheck(_archive.Layout, SampleArchive.Sync, trusted.Time);
        return new RecordVerifier(_archive.Blobs, trusted, _time)
            .Verify(row.Record, row.Signature, log: finder.CheckLog, seals: (one, signature) => finder.FindSeal(one, signature, seals));
    }

    private VerificationCheck Time(Digest record) => Verify(record).Checks.Single(check => check.Name == "time");

    private void Broken(Digest record, string reason)
    {
        var time = Time(record);
        Assert.Equal(CheckOutcome.Failed, time.Outcome);
        Assert.Contains(reason, time.Detail, StringComparison.Ordinal);
        Assert.Equal(VerificationVerdict.Bad, Verify(record).Verdict);
        Assert.Contains(Damage(), finding => finding.Message.Contains(reason, StringComparison.Ordinal));
    }

    private List<FsckFinding> Damage() =>
        [.. new Fsck(_archive.Blobs, SampleArchive.Sync).Check(null, TestContext.Current.CancellationToken).Findings
            .Where(finding => finding.Severity == FsckSeverity.Damage && finding.Subject.StartsWith("seals", StringComparison.Ordinal))];

    private RepairReport Repair(params string[] from) =>
        new ArchiveRepairer(_archive.Blobs, SampleArchive.Sync).Repair(from, progress: null, CancellationToken.None);
}
