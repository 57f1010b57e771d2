using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The real server on a free port, over an archive with an image, two runs, a replay and a citation.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public const string Paper = "10.1234/example.2026.7";

    private static readonly Recorder Recorder = new() { Name = "prov", Version = "1" };

    private ServeOptions? _options;

    private TestSite(SampleArchive archive) => Archive = archive;

    public SampleArchive Archive { get; }

    public HttpClient Client { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false, CheckCertificateRevocationList = true });

    public string Address => Client.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>Of the operator; null when none was asked for.</summary>
    public string? MetricsAddress => Server.MetricsAddress;

    public ImportedImage Image { get; private set; } = null!;

    public Digest ImageRecord { get; private set; } = null!;

    public Digest Run { get; private set; } = null!;

    /// <summary>The same job, a minute later.</summary>
    public Digest OtherRun { get; private set; } = null!;

    public Digest Replay { get; private set; } = null!;

    public Digest Citation { get; private set; } = null!;

    private WebServer Server { get; set; } = null!;

    public static async Task<TestSite> StartAsync(Func<RunRecord, RunRecord>? change = null, Func<ServeOptions, ServeOptions>? options = null)
    {
        var site = new TestSite(new SampleArchive());
        site.Fill(change);
        var plain = new ServeOptions
        {
            Layout = site.Archive.Layout,
            Sync = SampleArchive.Sync,
            Time = TimeProvider.System,
            Program = Recorder,
            Urls = ["http://127.0.0.1:0"],
            RequestsPerSecond = 0,
        };
        site._options = options?.Invoke(plain) ?? plain;
        site.Server = await WebServer.StartAsync(site._options, TestContext.Current.CancellationToken);
        site.Client.BaseAddress = new Uri(site.Server.Addresses[0]);
        return site;
    }

    /// <summary>Waits until the times of the archive's files tell whether it changes from now on.</summary>
    public static Task SettleAsync() => Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);

    public async Task<string> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Where one is led, or the status when one is led nowhere.</summary>
    public async Task<string> FollowAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Get, path, headers);
        return response.Headers.Location?.ToString() ?? $"{(int)response.StatusCode}";
    }

    /// <summary>A second server of the same archive, as another process is: it shares nothing with the first but the files.</summary>
    public static Task<WebServer> StartAnotherAsync(TestSite site) => WebServer.StartAsync(site._options!, TestContext.Current.CancellationToken);

    /// <summary>As a signal does: what is being answered is answered first.</summary>
    public async Task StopAsync()
    {
        using var signal = new CancellationTokenSource();
        await signal.CancelAsync();
        await Server.WaitAsync(signal.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Client.Dispose();
        Archive.Dispose();
    }

    private void Fill(Func<RunRecord, RunRecord>? change)
    {
        using var tar = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "etc/motd")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("hello\n")),
            });
        }

        tar.Position = 0;
        Image = new ImageImporter(Archive.Blobs).ImportLayer(
            tar, "tar", new ImportOptions { Recorder = Recorder, Host = new Platform { Os = "linux", Architecture = "amd64" } }, [], TestContext.Current.CancellationToken);
        Image = Image with
        {
            Record = Image.Record with
            {
                Source = new ImageOrigin { Reference = "docker://registry.hopper.example/tools:v1", Digest = Image.Manifest.Digest, Names = ["hopper-lab/tools:v1"] },
                Importer = new ImportUser { Uid = 1001, Gid = 1001, Name = "grace" },
            },
        };
        byte[] statement = RecordJson.Serialize(ImageStatement.Of(Image));
        ImageRecord = Archive.Intake().Accept(RecordKind.Image, statement, Archive.Sign(statement));
        var names = new ImageNames(Archive.Layout, Archive.Blobs, SampleArchive.Sync);
        names.Initialize();
        names.Set("lab/tools:v1", Image, ImageRecord);
        Run = Archive.Accept(1, run => Whole(run, change));
        OtherRun = Archive.Accept(2, run => Whole(run, change));
        Replay = Archive.AcceptReplay(Run);
        Citation = Cite(Run, Paper, "Fig. 3");
    }

    /// <summary>By the archive's own key.</summary>
    public Digest TakeDown(Digest record, RecordKind kind, string reason)
    {
        var clock = new FakeTimeProvider(RecordSamples.Start);
        using var key = new KeyStore(Archive.Layout, SampleArchive.Sync, clock).Find()!;
        var tombstone = new TombstoneWriter(Archive.Blobs, SampleArchive.Sync, clock, Recorder)
            .TakeDown(kind, Archive.Blobs.Read(record, CanonicalJson.MaxBytes), key, reason).Tombstone;
        Archive.Intake().SequenceIncoming();
        return tombstone;
    }

    /// <summary>Says that a file is a figure, whether or not it is an output of the run.</summary>
    public Digest CiteAnything(Digest run, string doi, string? title, string content)
    {
        using var key = new KeyStore(Archive.Layout, SampleArchive.Sync, new FakeTimeProvider(RecordSamples.Start)).Find()!;
        var citation = new Citer(Archive.Blobs, SampleArchive.Sync, new FakeTimeProvider(RecordSamples.Start), Recorder).Cite(
            Archive.Blobs.Read(run, CanonicalJson.MaxBytes), key, Doi.Parse(doi), title,
            [new CitedFigure { Label = "Fig. 9", Path = "/work/results/drawn.png", Digest = RecordSamples.DigestsOf(content) }]).Citation;
        Archive.Intake().SequenceIncoming();
        return citation;
    }

    private Digest Cite(Digest run, string doi, string label)
    {
        using var key = new KeyStore(Archive.Layout, SampleArchive.Sync, new FakeTimeProvider(RecordSamples.Start)).Find()!;
        byte[] statement = Archive.Blobs.Read(run, CanonicalJson.MaxBytes);
        var citer = new Citer(Archive.Blobs, SampleArchive.Sync, new FakeTimeProvider(RecordSamples.Start), Recorder);
        var (path, digest) = citer.FindOutput(RecordJson.ParseRun(statement).Predicate, SampleArchive.DigestOf("result 1"))!.Value;
        return citer.Cite(statement, key, Doi.Parse(doi), "Sines, fitted", [new CitedFigure { Label = label, Path = path, Digest = digest }]).Citation;
    }

    private RunRecord Whole(RunRecord run, Func<RunRecord, RunRecord>? change)
    {
        var whole = run with
        {
            Image = run.Image with { Manifest = Image.Manifest.Digest, Tree = Image.Tree, Record = ImageRecord, Reference = "lab/tools:v1" },
        };
        return change?.Invoke(whole) ?? whole;
    }
}
