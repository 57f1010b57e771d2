using System.CommandLine;
using System.Globalization;
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

    public ServeCommand()
        : base("serve", "serve the archive on the web: look-ups, an API, and a registry of its images")
    {
        foreach (Option option in (Option[])[_listen, _url, _title, _rate, _write])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Everything in the archive can be read by whoever reaches the address: records with their command lines and environments, files that
        were kept, images; but what 'prov access' restricts. Private keys cannot. Nothing can be written, unless --write is given, by those who
        have a token ('prov token'): their records are proved before anybody sees them, and images are signed for with this archive's key. Other programs may record into the archive meanwhile. It speaks
        plain HTTP: for the world, put a proxy before it that speaks TLS. What it does is written to standard error, one JSON object a
        line. SIGTERM and SIGINT end it, after what is being answered.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov serve", "look at your own archive in a browser: http://127.0.0.1:8080"),
        new("prov serve --listen '*:80' --url https://prov.example.org --title 'Example Lab'", "behind a proxy"),
        new("skopeo inspect --tls-verify=false docker://127.0.0.1:8080/debian-sci", "any container tool can pull its images"),
    ];

    public override int Execute(CommandCall call)
    {
        var options = new ServeOptions
        {
            Layout = call.Workbench.Layout,
            Sync = Files.SyncFolder,
            Time = call.Workbench.Time,
            Program = Workbench.Recorder,
            Urls = [.. call.Values(_listen).DefaultIfEmpty(DefaultAddress).Select(ReadAddress)],
            PublicUrl = ReadUrl(call),
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
        return new WriteOptions((source, name) =>
        {
            using var workbench = new Workbench(quiet, call.Workbench.Time);
            new ImageArrival(workbench).Import(source, name, platform: null);
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

            await server.WaitAsync(CancellationToken.None);
            return ExitCodes.Success;
        }
        catch (IOException e)
        {
            throw new UsageException($"option '--listen': {Failure.Reword(e.Message)}");
        }
    }

    /// <summary>A host and a port, or a port alone.</summary>
    private string ReadAddress(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "127.0.0.1" : text[..colon];
        string port = text[(colon + 1)..];
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            && (host == "*" || Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown)
                ? $"http://{host}:{number}"
                : throw new UsageException($"option '{_listen.Name}': '{text}' is no ADDRESS:PORT");
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
