using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Provenance.Archive.Access;
using Provenance.Archive.Transparency;
using Provenance.Web.Access;

namespace Provenance.Web.Hosting;

/// <summary>Numbers of operation for Prometheus, at an address that readers do not have.</summary>
/// <remarks>
/// Sources: Prometheus text format 0.0.4 and OpenMetrics 1.0, whichever is asked for; OpenTelemetry's semantic conventions for HTTP, Kestrel and .NET.
/// Requests are told by route, never by path: what somebody looks up stands in no metric.
/// </remarks>
internal sealed class Metrics : IDisposable
{
    public const string Name = "Provenance.Archive";

    /// <summary>The platform's own: requests, connections and TLS, refusals of the rate limit, memory, collections and threads.</summary>
    private static readonly string[] Platform =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime",
    ];

    private readonly Meter _meter;

    public Metrics(Sites sites, IMeterFactory meters)
    {
        // Who watches the server sees what everybody sees.
        var site = sites.Of(Audience.Public);
        _meter = meters.Create(Name);
        _meter.CreateObservableGauge(
            "prov.archive.records", () => Records(site), "{record}", "records in the archive, by kind; counted once a minute at most");
        _meter.CreateObservableGauge(
            "prov.archive.log.entries",
            () => new TransparencyLog(site.Options.Layout, site.Options.Sync).Size,
            "{entry}",
            "entries that the log's checkpoint commits to");
        _meter.CreateObservableGauge(
            "prov.archive.disk.free",
            () => new DriveInfo(site.Options.Layout.Root).AvailableFreeSpace,
            "By",
            "bytes that can still be written where the archive lies");
    }

    public static void Add(IServiceCollection services, ServeOptions options)
    {
        services.AddSingleton<Metrics>();
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear()
                .AddService(options.Program.Name, serviceVersion: options.Program.Version, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(Name).AddMeter(Platform).AddPrometheusExporter());
    }

    /// <summary>What the operator's address answers: /metrics, /healthz, and nothing else.</summary>
    public static void Connect(IApplicationBuilder app)
    {
        _ = app.ApplicationServices.GetRequiredService<Metrics>();
        app.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        app.Run(async http =>
        {
            bool isHealth = http.Request.Path == "/healthz";
            http.Response.StatusCode = isHealth ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            await http.Response.WriteAsync(isHealth ? "ok\n" : "there are /metrics and /healthz\n");
        });
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] Records(Site site)
    {
        var numbers = site.Census.Now();
        return
        [
            Of("run", numbers.Runs), Of("image", numbers.Images), Of("replay", numbers.Replays),
            Of("endorsement", numbers.Endorsements), Of("citation", numbers.Citations),
        ];

        static Measurement<long> Of(string kind, long count) => new(count, new KeyValuePair<string, object?>("kind", kind));
    }
}
