using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>The same audit over HTTP, and what a server can do to it.</summary>
public sealed class LogWebsiteTests : IDisposable
{
    private readonly SampleLog _sample = new(entries: 300);
    private readonly LogServer _server;

    public LogWebsiteTests() => _server = new LogServer(_sample.Layout.Log);

    public void Dispose()
    {
        _server.Dispose();
        _sample.Dispose();
    }

    [Fact]
    public void A_served_log_is_followed()
    {
        var first = Audit(seen: null);
        _sample.Append(500);
        var second = Audit(first.Found);

        Assert.Equal((AuditOutcome.Consistent, "300 entries, all as the checkpoint says"), (first.Outcome, first.Message));
        Assert.Equal((AuditOutcome.Consistent, "800 entries, 500 since last seen"), (second.Outcome, second.Message));
    }

    [Fact]
    public void The_key_is_read_where_the_log_shows_it() =>
        Assert.Equal($"{_sample.Key}\n", System.Text.Encoding.UTF8.GetString(LogPlace.Open(_server.Address).FindVerifierKey()!));

    [Fact]
    public void A_full_tile_is_taken_when_the_partial_one_is_gone()
    {
        var seen = _sample.Now;
        _sample.Append(212);
        Assert.True(File.Exists(_sample.PathOf("tile/0/001")));
        File.WriteAllBytes(_sample.PathOf("checkpoint"), seen.ToBytes());

        // A partial one of level 1 is still served in a public log; ours has only the newest.
        Directory.CreateDirectory(_sample.PathOf("tile/1/000.p"));
        File.WriteAllBytes(_sample.PathOf("tile/1/000.p/1"), File.ReadAllBytes(_sample.PathOf("tile/1/000.p/2"))[..32]);

        Assert.Equal("300 entries, all as the checkpoint says", Audit(seen: null).Message);
    }

    /// <summary>C2SP tlog-tiles.md: "Logs MAY use Content-Encoding: gzip with no negotiation."</summary>
    [Fact]
    public void A_packed_bundle_is_unpacked()
    {
        byte[] bundle = File.ReadAllBytes(_sample.PathOf("tile/entries/000"));
        _server.Instead("tile/entries/000", response => LogServer.Gzip(response, bundle));

        Assert.Equal(AuditOutcome.Consistent, Audit(seen: null).Outcome);
    }

    [Fact]
    public void A_bundle_that_unpacks_without_end_is_cut_off()
    {
        _server.Instead("tile/entries/000", response => LogServer.Gzip(response, new byte[64 << 20]));

        Is(AuditOutcome.Damaged, $"log '{_server.Address}/tile/entries/000': has more than {EntryBundle.MaxBytes} bytes");
    }

    [Fact]
    public void A_tile_that_is_longer_than_any_is_refused()
    {
        _server.Instead("tile/0/000", response => response.OutputStream.Write(new byte[8193]));

        Is(AuditOutcome.Damaged, $"log '{_server.Address}/tile/0/000': has more than 8192 bytes");
    }

    [Fact]
    public void A_tile_that_is_cut_off_is_refused()
    {
        _server.Instead("tile/0/000", response => response.OutputStream.Write(new byte[8191]));

        Is(AuditOutcome.Damaged, "log tile 'tile/0/000': has 8191 bytes, expected 8192");
    }

    [Fact]
    public void A_bundle_with_a_length_beyond_its_end_is_refused()
    {
        _server.Instead("tile/entries/000", response => response.OutputStream.Write([0xFF, 0xFF, 1]));

        Is(AuditOutcome.Damaged, "log bundle 'tile/entries/000': does not hold 256 whole entries");
    }

    [Fact]
    public void A_missing_tile_is_damage()
    {
        File.Delete(_sample.PathOf("tile/entries/000"));

        Is(AuditOutcome.Damaged, "log tile 'tile/entries/000': missing");
    }

    [Fact]
    public void A_server_in_trouble_is_no_damage_of_the_log()
    {
        _server.Instead("tile/0/000", response => response.StatusCode = 503);

        string message = Assert.Throws<LogUnreachableException>(() => Audit(seen: null)).Message;
        Assert.Equal($"log '{_server.Address}/tile/0/000': answers with status 503", message);
    }

    [Fact]
    public void A_checkpoint_without_end_is_cut_off()
    {
        _server.Instead("checkpoint", response => response.OutputStream.Write(new byte[SignedNote.MaxBytes + 1]));

        Is(AuditOutcome.Malformed, $"log '{_server.Address}/checkpoint': has more than {SignedNote.MaxBytes} bytes");
    }

    [Fact]
    public void A_server_that_is_not_there_is_told()
    {
        _server.Dispose();

        Assert.StartsWith($"log '{_server.Address}/checkpoint': ", Assert.Throws<LogUnreachableException>(() => Audit(seen: null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_never_ends_its_answer_is_left()
    {
        using var over = new ManualResetEventSlim();
        _server.Instead("checkpoint", response =>
        {
            response.OutputStream.Write("prov-archive/"u8);
            response.OutputStream.Flush();
            over.Wait(TestContext.Current.CancellationToken);
        });
        using var site = new LogWebsite(_server.Address, TimeSpan.FromSeconds(0.5));

        Assert.Equal($"log '{_server.Address}/checkpoint': no answer within 0.5 s", Assert.Throws<LogUnreachableException>(site.FindCheckpoint).Message);
        over.Set();
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("https://exa mple/")]
    public void What_is_no_address_is_refused(string address) =>
        Assert.Equal($"log '{address}': is no address", Assert.Throws<LogException>(() => LogPlace.Open(address)).Message);

    private AuditReport Audit(SignedCheckpoint? seen) =>
        new LogAuditor(LogPlace.Open(_server.Address), _sample.Key, KnownKeys.None).Audit(seen, false, null, TestContext.Current.CancellationToken);

    private void Is(AuditOutcome outcome, string message)
    {
        var report = Audit(seen: null);
        Assert.Equal((outcome, message), (report.Outcome, report.Message));
    }
}
