using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>What is asked of an authority over HTTP, and every answer that is none.</summary>
public sealed class TimestampClientTests : IDisposable
{
    private static readonly byte[] Signature = Encoding.UTF8.GetBytes("a signature value");
    private static readonly DateTimeOffset Now = TestCertificates.Now;

    private readonly TestAuthority _clock = new();
    private readonly List<IDisposable> _servers = [];

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        _clock.Dispose();
    }

    [Fact]
    public void The_token_is_over_what_was_asked_and_of_now()
    {
        byte[] token = Ask(Server(query => _clock.Reply(query, Now)));

        var stamp = TimestampToken.Verify(token, _ => SHA512.HashData(Signature), TimestampAuthorities.None);
        Assert.Equal(Now, stamp.Time);
    }

    [Fact]
    public void Only_a_hash_leaves_the_machine()
    {
        byte[] asked = [];
        Ask(Server(query =>
        {
            asked = query;
            return _clock.Reply(query, Now);
        }));

        Assert.Equal(-1, asked.AsSpan().IndexOf(Signature));
        Assert.NotEqual(-1, asked.AsSpan().IndexOf(SHA512.HashData(Signature)));
    }

    [Fact]
    public void The_next_is_asked_when_one_does_not_answer()
    {
        var broken = Answering(500, "text/plain");
        var good = Server(query => _clock.Reply(query, Now));

        Assert.NotEmpty(Ask(broken, good));
        Assert.Equal(1, broken.Requests);
        Assert.Equal(1, good.Requests);
    }

    [Fact]
    public void The_next_is_not_asked_when_one_answers()
    {
        var first = Server(query => _clock.Reply(query, Now));
        var second = Server(query => _clock.Reply(query, Now));
        Ask(first, second);

        Assert.Equal(0, second.Requests);
    }

    [Fact]
    public void All_that_failed_are_told() =>
        Assert.Matches(@"^no time stamp of the signature: http.*: answered with HTTP status 500; http.*: answered with HTTP status 404$",
            Fails(Answering(500, "text/plain"), Answering(404, "text/plain")));

    [Fact]
    public void A_page_of_a_login_is_no_reply() => Assert.Contains("answered with 'text/html'", Fails(Answering(200, "text/html")), StringComparison.Ordinal);

    [Fact]
    public void A_redirection_is_not_followed()
    {
        var elsewhere = Server(query => _clock.Reply(query, Now));
        var redirecting = Add(new LoopbackServer((_, response) => response.Redirect(elsewhere.Address.ToString())));

        Assert.Contains("answered with HTTP status 302", Fails(redirecting), StringComparison.Ordinal);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public void A_reply_without_end_is_cut_off() => Says(
        "Cannot write more bytes to the buffer than the configured maximum buffer size: 66560", Fails(Server(_ => new byte[1 << 20])));

    [Fact]
    public void Garbage_is_no_reply() => Says("ASN1 corrupted data", Fails(Server(_ => [1, 2, 3])));

    [Fact]
    public void An_empty_reply_is_none() => Says("ASN1 corrupted data", Fails(Server(_ => [])));

    [Fact]
    public void A_rejection_is_told() => Says(
        "The timestamping server did not grant the request. The request status is 'Rejection' with failure info 'None'",
        Fails(Server(_ => TestAuthority.Rejected())));

    [Fact]
    public void An_old_reply_given_again_has_another_nonce()
    {
        using var clock = new TestAuthority { OtherNonce = [0x42, 1, 2, 3, 4, 5, 6, 7] };

        Says("The response from the timestamping server did not match the request nonce", Fails(Server(query => clock.Reply(query, Now))));
    }

    [Fact]
    public void A_token_over_another_hash_is_refused()
    {
        using var clock = new TestAuthority { OtherHash = new byte[64] };

        Says("The hash value is not correct", Fails(Server(query => clock.Reply(query, Now))));
    }

    [Fact]
    public void A_token_of_another_policy_is_refused()
    {
        var settings = new TimestampSettings { Authorities = [Server(query => _clock.Reply(query, Now)).Address], Policy = "1.2.3.4" };

        Says($"the token was made under policy {TestAuthority.DefaultPolicy}, expected 1.2.3.4", Assert.Throws<TimestampException>(() => Ask(settings)).Message);
    }

    [Fact]
    public void A_token_of_another_day_is_refused() =>
        Assert.Contains("is more than a day from this machine's clock", Fails(Server(query => _clock.Reply(query, Now.AddDays(-3)))), StringComparison.Ordinal);

    [Fact]
    public void Bytes_after_the_reply_are_refused() =>
        Says("the answer has bytes after its end", Fails(Server(query => [.. _clock.Reply(query, Now), 0])));

    [Fact]
    public void A_token_of_a_weak_algorithm_is_not_taken()
    {
        using var clock = new TestAuthority { Digest = TestAuthority.Sha1 };

        Assert.Contains("is not accepted", Fails(Server(query => clock.Reply(query, Now))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_that_says_nothing_is_waited_for_no_longer_than_set()
    {
        using var never = new ManualResetEventSlim();
        var silent = Server(_ =>
        {
            never.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            return [];
        });
        var settings = new TimestampSettings { Authorities = [silent.Address], Timeout = TimeSpan.FromSeconds(1) };
        using var client = new TimestampClient(settings, TimestampAuthorities.None, TimeProvider.System);

        string message = Assert.Throws<TimestampException>(() => client.Stamp(SHA512.HashData(Signature), "signature")).Message;

        Assert.Contains("no answer within 1 s", message, StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public void An_authority_that_says_nothing_leaves_time_for_the_next()
    {
        using var never = new ManualResetEventSlim();
        var silent = Server(_ =>
        {
            never.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            return [];
        });
        var good = Server(query => _clock.Reply(query, TimeProvider.System.GetUtcNow()));
        var settings = new TimestampSettings { Authorities = [silent.Address, good.Address], Timeout = TimeSpan.FromSeconds(6) };
        using var client = new TimestampClient(settings, TimestampAuthorities.None, TimeProvider.System);

        Assert.NotEmpty(client.Stamp(SHA512.HashData(Signature), "signature"));
        never.Set();
    }

    [Fact]
    public void Nobody_listens_where_nobody_is()
    {
        var settings = new TimestampSettings { Authorities = [new Uri("http://127.0.0.1:1/tsa")] };

        Assert.Contains("http://127.0.0.1:1/tsa: ", Assert.Throws<TimestampException>(() => Ask(settings)).Message, StringComparison.Ordinal);
    }

    /// <summary>The one authority's address, then why it was of no use.</summary>
    private static void Says(string reason, string message) =>
        Assert.Matches($@"\Ano time stamp of the signature: http://[0-9.]+:[0-9]+/[^ ]*: {Regex.Escape(reason)}\z", message);

    private static byte[] Ask(params LoopbackServer[] servers) => Ask(new TimestampSettings { Authorities = [.. servers.Select(server => server.Address)] });

    private static byte[] Ask(TimestampSettings settings)
    {
        using var client = new TimestampClient(settings, TimestampAuthorities.None, new FakeTimeProvider(Now));
        return client.Stamp(SHA512.HashData(Signature), "signature");
    }

    private static string Fails(params LoopbackServer[] servers) => Assert.Throws<TimestampException>(() => Ask(servers)).Message;

    private LoopbackServer Server(Func<byte[], byte[]> reply) => Add(LoopbackServer.Replying(reply));

    private LoopbackServer Answering(int status, string type) => Add(new LoopbackServer((_, response) =>
    {
        response.StatusCode = status;
        response.ContentType = type;
    }));

    private LoopbackServer Add(LoopbackServer server)
    {
        _servers.Add(server);
        return server;
    }
}
