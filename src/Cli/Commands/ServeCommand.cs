using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;
using Provenance.Web;

namespace Provenance.Cli.Commands;

/// <summary><c>prov serve</c>: the archive on the web.</summary>
internal sealed class ServeCommand : CliCommand
{
    private const string DefaultAddress = "127.0.0.1:8080";
    private const int MaxRate = 1_000_000;

    private readonly Option<string[]> _listen = new("--listen")
    {
        HelpName = "ADDRESS:PORT",
        Description = $"where to listen, * for every address of this machine, port 0 for a free one; repeatable [{DefaultAddress}]",
    };

    private readonly Option<string> _url = SharedOptions.Single(
        "--url", null, "URL", "as readers reach it, when a proxy stands before it: https://prov.example.org");

    private readonly Option<string> _title = SharedOptions.Single("--title", null, "TEXT", "what the archive is called on its pages [prov]");

    private readonly Option<string> _rate = SharedOptions.Single(
        "--rate", null, "N", "requests a second that one client may make, on average; 0 for any number [50]");

    private readonly Option<bool> _write = new("--write")
    {
        Description = "take in what those send who have a token: records, images, and what container tools push",
    };

    private readonly Option<string> _certificate = SharedOptions.Single(
        "--tls-cert", null, "FILE", "speak TLS: the server's certificate and those that it was issued by, in PEM; read again when it changes");

    private readonly Option<string> _key = SharedOptions.Single("--tls-key", null, "FILE", "the certificate's private key, in PEM, not encrypted");

    private readonly Option<string> _metrics = SharedOptions.Single(
        "--metrics", null, "ADDRESS:PORT", "where Prometheus reads how the server does (/metrics); nothing of it is at the other addresses");

    private readonly Option<string> _oidc = SharedOptions.Single(
        "--oidc", null, "URL", "let in who has a token of this OpenID Connect issuer, to read what is theirs, and with --write to send");

    private readonly Option<string> _audience = SharedOptions.Single("--oidc-audience", null, "TEXT", "what the issuer's tokens for this server have as 'aud'");

    private readonly Option<string> _claim = SharedOptions.Single(
        "--oidc-owner", null, "CLAIM", $"which claim is the owner's name; its users must not choose it [{OidcOptions.DefaultOwnerClaim}]");

    public ServeCommand()
        : base("serve", "serve the archive on the web: look-ups, an API, and a registry of its images")
    {
        foreach (Option option in (Option[])[_listen, _url, _title, _rate, _write, _certificate, _key, _metrics, _oidc, _audience, _claim])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Everything in the archive can be read by whoever reaches the address: records with their command lines and environments, files that
        were kept, images; but not what 'prov access' restricts, nor private keys. Nothing can be written, unless '--write' is given, by those
        who have a token ('prov token', '--oidc'): their records are proved before anybody sees them, and images are signed for with this archive's key.
        Other programs may record into the archive meanwhile. It speaks plain HTTP, or HTTP/1.1 and HTTP/2 over TLS with '--tls-cert' and
        '--tls-key': a renewed certificate is taken without a restart. What it does is written to standard error, one JSON object a line.
        SIGTERM and SIGINT end it, after what is being answered.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov serve", "look at your own archive in a browser: http://127.0.0.1:8080"),
        new("prov serve --listen '*:80' --url https://prov.example.org --title 'Example Lab'", "behind a proxy"),
        new(
            "prov serve --listen '*:443' --tls-cert /etc/letsencrypt/live/prov.example.org/fullchain.pem "
                + "--tls-key /etc/letsencrypt/live/prov.example.org/privkey.pem --metrics 127.0.0.1:9464",
            "without a proxy"),
        new("skopeo inspect --tls-verify=false docker://127.0.0.1:8080/debian-sci", "any container tool can pull its images"),
    ];

    public override int Execute(CommandCall call)
    {
        // A thread that has answered spins for a while in case more comes: on two processors that is a tenth of what a page costs, taken from the
        // others. The runtime looks once, when its first worker starts; DOTNET_ThreadPool_UnfairSemaphoreSpinLimit goes before it.
        AppContext.SetData("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit", 0);
        var tls = ReadTls(call);
        var options = new ServeOptions
        {
            Layout = call.Workbench.Layout,
            Sync = Files.SyncFolder,
            Time = call.Workbench.Time,
            Program = Workbench.Recorder,
            Urls = [.. call.Values(_listen).DefaultIfEmpty(DefaultAddress).Select(text => ReadAddress(text, tls is null ? "http" : "https"))],
            Tls = tls,
            MetricsAddress = ReadMetrics(call),
            PublicUrl = ReadUrl(call),
            Oidc = ReadOidc(call),
            Title = call.Value(_title) ?? "prov",
            RequestsPerSecond = ReadRate(call),
            Writing = call.Value(_write) ? TakeIn(call) : null,
        };
        return ServeAsync(options, call.Terminal).GetAwaiter().GetResult();
    }

    /// <summary>The key is asked for now, not when somebody pushes.</summary>
    private static WriteOptions TakeIn(CommandCall call)
    {
        call.Workbench.EnsureKey();
        var quiet = new Terminal(Stream.Null, Stream.Null, outputIsTerminal: false, errorIsTerminal: false, colours: false) { Quiet = true };
        return new WriteOptions((source, name, reserve) =>
        {
            using var workbench = new Workbench(quiet, call.Workbench.Time);
            return new ImageArrival(workbench).Take(source, name, reserve).Image.Record.Tree;
        });
    }

    private static async Task<int> ServeAsync(ServeOptions options, Terminal terminal)
    {
        try
        {
            await using var server = await WebServer.StartAsync(options, CancellationToken.None);
            foreach (string address in server.Addresses)
            {
                terminal.Note($"serving {options.Layout.Root} at {address}");
            }

            if (server.MetricsAddress is { } metrics)
            {
                terminal.Note($"metrics are at {metrics}/metrics");
            }

            await server.WaitAsync(CancellationToken.None);
            return ExitCodes.Success;
        }
        catch (IOException e)
        {
            throw new UsageException($"option '--listen'{(options.MetricsAddress is null ? "" : " or '--metrics'")}: {Failure.Reword(e.Message)}");
        }
        catch (SocketException e)
        {
            throw ListenFailure.Of(e, options.Urls, options.MetricsAddress);
        }
        catch (TlsFileException e)
        {
            throw new UsageException($"option '{(e.Path == options.Tls?.Key ? "--tls-key" : "--tls-cert")}': {e.Message}");
        }
    }

    /// <summary>A host and a port, or a port alone.</summary>
    private string ReadAddress(string text, string scheme)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "127.0.0.1" : text[..colon];
        string port = text[(colon + 1)..];
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            && (host == "*" || Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown)
                ? $"{scheme}://{host}:{number}"
                : throw new UsageException($"option '{_listen.Name}': '{text}' is no ADDRESS:PORT");
    }

    private TlsFiles? ReadTls(CommandCall call) => (call.Value(_certificate), call.Value(_key)) switch
    {
        (null, null) => null,
        ({ } certificate, { } key) => new TlsFiles(Path.GetFullPath(certificate), Path.GetFullPath(key)),
        (null, _) => throw new UsageException($"option '{_key.Name}' needs '{_certificate.Name}'"),
        _ => throw new UsageException($"option '{_certificate.Name}' needs '{_key.Name}'"),
    };

    /// <summary>An address of this machine, not a name: it must not come out as every address.</summary>
    private IPEndPoint? ReadMetrics(CommandCall call) => call.Value(_metrics) is not { } text ? null
        : text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var address) ? address
        : throw new UsageException($"option '{_metrics.Name}': '{text}' is no ADDRESS:PORT, expected one such as 127.0.0.1:9464");

    private OidcOptions? ReadOidc(CommandCall call)
    {
        if (call.Value(_oidc) is not { } text)
        {
            return call.Value(_audience) is null && call.Value(_claim) is null
                ? null
                : throw new UsageException($"option '{(call.Value(_audience) is null ? _claim : _audience).Name}' needs '{_oidc.Name}'");
        }

        string issuer = text.TrimEnd('/');
        bool isIssuer = Uri.TryCreate(issuer, UriKind.Absolute, out var url) && url.Query.Length == 0 && url.Fragment.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
        return new OidcOptions
        {
            Issuer = isIssuer ? url! : throw new UsageException($"option '{_oidc.Name}': '{text}' is no https address of an issuer"),
            Audience = call.Value(_audience) ?? throw new UsageException($"option '{_oidc.Name}' needs '{_audience.Name}'"),
            OwnerClaim = call.Value(_claim) ?? OidcOptions.DefaultOwnerClaim,
        };
    }

    private string? ReadUrl(CommandCall call)
    {
        if (call.Value(_url) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0
            ? text.TrimEnd('/')
            : throw new UsageException($"option '{_url.Name}': '{text}' is no address of a website");
    }

    private int ReadRate(CommandCall call)
    {
        const int Default = 50;
        return call.Value(_rate) is not { } text ? Default
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate <= MaxRate ? rate
            : throw new UsageException($"option '{_rate.Name}': '{text}' is no number from 0 to {MaxRate}");
    }
}
