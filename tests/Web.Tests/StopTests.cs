using System.Text;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>A server that is told to end answers first what it has begun.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task An_upload_under_way_is_ended_and_answered_and_nobody_else_is_let_in()
    {
        byte[] content = Encoding.ASCII.GetBytes(new string('x', 10_000) + new string('y', 10_000));
        await using var site = await Pusher.OpenAsync();
        string token = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("ada", "p", TokenScopes.Push, isPrivate: false, null);
        using var connection = await RawConnection.OpenAsync(site.Address);
        await connection.SendAsync(
            $"POST /v2/lab/new/blobs/uploads/?digest={Digest.Of(content)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Length: {content.Length}\r\n\r\n{Encoding.ASCII.GetString(content[..10_000])}");
        while (!HasArrived(site, 10_000))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var stop = site.StopAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        await connection.SendAsync(Encoding.ASCII.GetString(content[10_000..]));
        var answer = await connection.ReadAsync(TimeSpan.FromSeconds(20));

        Assert.StartsWith("HTTP/1.1 201 ", answer.Text, StringComparison.Ordinal);
        await stop.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => site.GetAsync("/healthz"));
        Assert.True(HasArrived(site, content.Length));
    }

    private static bool HasArrived(TestSite site, long bytes) => Directory.Exists(site.Archive.Layout.Uploads)
        && new DirectoryInfo(site.Archive.Layout.Uploads).EnumerateFiles("*", SearchOption.AllDirectories).Any(file => file.Length == bytes);
}
