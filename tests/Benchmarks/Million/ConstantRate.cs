using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Provenance.Million;

/// <summary>Asks for one address after the other at a constant rate, whether the answers before have come or not.</summary>
/// <remarks>
/// A latency counts from the moment at which the request was due: when the server stalls, those that had to wait are not left out (what is called
/// coordinated omission). It ends with the last byte of the answer. What the tool itself is late is in it too.
/// </remarks>
internal sealed partial class ConstantRate : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = 256,
        UseCookies = false,
    });

    private readonly Dictionary<string, Latencies> _of = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _bad = new(StringComparer.Ordinal);
    private readonly List<(double Milliseconds, string Path)> _slowest = [];
    private long _bytes;

    public ConstantRate(Uri address, string? token)
    {
        _client.BaseAddress = address;
        // As browsers ask: the server compresses.
        _client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");
        if (token is not null)
        {
            _client.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        }
    }

    public IReadOnlyDictionary<string, Latencies> Of => _of;

    public IReadOnlyDictionary<string, int> Bad => _bad;

    /// <summary>Of all answers.</summary>
    public long Bytes => _bytes;

    public IEnumerable<(double Milliseconds, string Path)> Slowest => _slowest.OrderByDescending(one => one.Milliseconds).Take(25);

    /// <param name="addresses">Kind and path of each request.</param>
    /// <param name="perSecond">Requests.</param>
    /// <param name="counts">Whether they count; those before to warm up do not.</param>
    public async Task RunAsync(IReadOnlyList<(string Kind, string Path)> addresses, double perSecond, bool counts)
    {
        var asked = new List<Task>(addresses.Count);
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < addresses.Count; i++)
        {
            double due = i * 1000 / perSecond;
            double early = due - Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            if (early > 0)
            {
                // The runtime's own sleep knows whole milliseconds only.
                _ = usleep((uint)(early * 1000));
            }

            var (kind, path) = addresses[i];
            asked.Add(Task.Run(() => AskAsync(kind, path, begun, due, counts)));
        }

        await Task.WhenAll(asked);
    }

    public void Dispose() => _client.Dispose();

    private async Task AskAsync(string kind, string path, long begun, double due, bool counts)
    {
        int status = 0;
        long bytes = 0;
        try
        {
            using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            status = (int)answer.StatusCode;
            await using var body = await answer.Content.ReadAsStreamAsync();
            byte[] buffer = new byte[1 << 14];
            int read;
            while ((read = await body.ReadAsync(buffer)) > 0)
            {
                bytes += read;
            }
        }
        catch (HttpRequestException)
        {
            status = 0;
        }

        double took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds - due;
        Interlocked.Add(ref _bytes, bytes);
        if (counts)
        {
            Note(kind, path, status, took);
        }
    }

    private void Note(string kind, string path, int status, double took)
    {
        lock (_of)
        {
            (_of.TryGetValue(kind, out var known) ? known : _of[kind] = new Latencies()).Add(took);
            (_of.TryGetValue("all", out var all) ? all : _of["all"] = new Latencies()).Add(took);
            _slowest.Add((took, path));
            if (status is not (200 or 303))
            {
                string what = $"{kind}: {status}";
                _bad[what] = _bad.GetValueOrDefault(what) + 1;
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int usleep(uint usec);
}
