using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Web;
using Provenance.Web.Lookups;
using Provenance.Web.Registry;
using Provenance.Web.Registry.Pushing;

namespace Provenance.Fuzz;

/// <summary>Requests to the server, and what people type into it.</summary>
internal static class WebTargets
{
    private const string Paper = "10.1234/example.2026.7";

    /// <summary>How long nothing may come before the server is taken to wait for more. Then our side is closed, and Kestrel takes the client to have gone.</summary>
    private const int QuietMilliseconds = 250;

    private const int MostMilliseconds = 20_000;

    /// <summary>Behind every input: what is whole is answered, then this, and the server closes.</summary>
    private static readonly byte[] Last = "\r\n\r\nGET /assets/site.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray();

    private static readonly Lazy<(WebServer Server, SampleArchive Archive, Digest Run)> Site = new(Start);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("http", SomeRequests, Ask),
        new("lookup", SomeQuestions, FuzzTarget.OneOf(
            static input => Query.Read(Encoding.UTF8.GetString(input)),
            static input => RepositoryName.Find(Encoding.UTF8.GetString(input)),
            static input => RegistryPath.Find(Encoding.UTF8.GetString(input), "/manifests/"),
            static input => Doi.TryParse(Encoding.UTF8.GetString(input), out _))),
        new("pushed-manifest", SomeManifests, FuzzTarget.OneOf(
            static input => ManifestContent.Parse(input, MediaTypes.ImageManifest),
            static input => ManifestContent.Parse(input, MediaTypes.ImageIndex)), typeof(FormatException)),
    ];

    /// <summary>The real server on a free port, with writing allowed to whoever has a token, which nobody has.</summary>
    private static (WebServer Server, SampleArchive Archive, Digest Run) Start()
    {
        var archive = new SampleArchive();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => archive.Dispose();
        var image = archive.AcceptImage();
        var run = archive.Accept(1, one => one with { Image = one.Image with { Record = image } });
        archive.AcceptReplay(run);
        var options = new ServeOptions
        {
            Layout = archive.Layout,
            Sync = SampleArchive.Sync,
            Time = TimeProvider.System,
            Program = new Recorder { Name = "prov", Version = "1" },
            Urls = ["http://127.0.0.1:0"],
            RequestsPerSecond = 0,
            Writing = new WriteOptions(static (_, _, _) => null),
        };
        return (WebServer.StartAsync(options, CancellationToken.None).GetAwaiter().GetResult(), archive, run);
    }

    private static IEnumerable<byte[]> SomeRequests()
    {
        string run = Site.Value.Run.Hex;
        string[] paths =
        [
            "/", $"/runs/{run}", $"/api/v1/runs/{run}", "/runs?text=python3&after=1764000000000.3&limit=7&cpuFeature=avx2", $"/lookup?q=doi:{Paper}",
            $"/v2/prov/manifests/run-{run}", "/v2/_catalog?n=3", "/log/checkpoint", "/log/tile/0/000.p/3", $"/badge/run/{run}.svg", "/feed.atom?signer=a",
            $"/papers/{Paper}",
        ];
        foreach (string path in paths)
            yield return Request($"GET {path} HTTP/1.1", "Host: a");

        string digest = $"sha256:{run}";
        yield return Request($"GET /blobs/{digest} HTTP/1.1", "Host: a", "Range: bytes=0-5, 7-9, -3", "If-Range: \"abc\"", "Accept-Encoding: gzip, br;q=0.3, *;q=0");
        yield return Request(
            $"GET /runs/{run} HTTP/1.1", "Host: a", "Accept: application/ld+json;q=0.5, text/html;q=0.9, */*;q=0.1", "If-None-Match: W/\"abc\"",
            "If-Modified-Since: Mon, 30 Nov 2026 08:00:00 GMT", "Cookie: prov-review=prov-review_0123456789abcdef; a=b");
        yield return Request("PUT /v2/lab/new/manifests/v1 HTTP/1.1", "Host: a", "Authorization: Basic YWRhOnByb3ZfMTIz", "Content-Length: 2", "", "{}");
        yield return Request($"POST /v2/lab/new/blobs/uploads/?digest={digest}&mount={digest}&from=prov HTTP/1.1", "Host: a", "Authorization: Bearer prov_0", "Content-Length: 0");
        yield return Request($"POST /api/v1/runs/{run}/assess HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 2", "", "{}");
    }

    private static byte[] Request(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");

    /// <summary>Whatever is asked, it is answered, and not with a failure of the server's.</summary>
    private static void Ask(byte[] input)
    {
        var address = new Uri(Site.Value.Server.Addresses[0]);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = QuietMilliseconds, SendTimeout = MostMilliseconds };
        socket.Connect(IPAddress.Loopback, address.Port);
        using var answer = new MemoryStream();
        try
        {
            socket.Send(input);
            socket.Send(Last);
            while (Receive(socket, answer))
            {
                // To the end, or until the server waits.
            }

            socket.Shutdown(SocketShutdown.Send);
            socket.ReceiveTimeout = MostMilliseconds;
            while (Receive(socket, answer))
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            // It has cut off what it would not read: what it said before counts.
        }

        string text = Encoding.Latin1.GetString(answer.ToArray());
        for (int at = 0; (at = text.IndexOf("HTTP/1.1 ", at, StringComparison.Ordinal)) >= 0 && at + 12 <= text.Length; at += 12)
        {
            // 501 and 505 are of the protocol: a transfer coding or a version that is not known.
            int status = int.TryParse(text.AsSpan(at + 9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
            BrokenPromiseException.ThrowUnless(status is < 500 or 501 or 505, text[at..Math.Min(text.Length, at + 200)]);
        }
    }

    /// <returns>False at the end, or when nothing came for so long.</returns>
    private static bool Receive(Socket socket, MemoryStream answer)
    {
        byte[] piece = new byte[1 << 14];
        try
        {
            int read = socket.Receive(piece);
            answer.Write(piece, 0, answer.Length < 1 << 20 ? read : 0);
            return read > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
    }

    private static IEnumerable<byte[]> SomeQuestions()
    {
        string hex = Digest.Of("a"u8).Hex;
        string[] questions =
        [
            Paper, $"https://doi.org/{Paper}", $"sha256:{hex}", hex[..12], "/home/ada/fits/result.csv", "lab/box:v1", "\"python3 fit.py\" -x", $"https://a.example/runs/{hex}",
            $"swh:1:cnt:{hex[..40]}", "mailto:ada@example.org", "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89",
        ];
        foreach (string question in questions)
            yield return FuzzTarget.Of(0, Encoding.UTF8.GetBytes(question));

        yield return FuzzTarget.Of(1, "lab/box"u8);
        yield return FuzzTarget.Of(2, "lab/box/manifests/v1"u8);
        yield return FuzzTarget.Of(3, Encoding.UTF8.GetBytes(Paper));
    }

    private static IEnumerable<byte[]> SomeManifests()
    {
        string digest = Digest.Of("m"u8).ToString();
        string descriptor = $$$"""{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{{digest}}}","size":2}""";
        yield return FuzzTarget.Of(0, Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.ImageManifest}}}","config":{{{descriptor}}},"layers":[{{{descriptor}}}],"subject":{{{descriptor}}},"artifactType":"a/b","annotations":{"a":"b"}}"""));
        yield return FuzzTarget.Of(1, Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.ImageIndex}}}","manifests":[{{{descriptor}}}]}"""));
    }
}
