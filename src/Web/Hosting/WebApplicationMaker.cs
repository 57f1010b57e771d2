using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Provenance.Web.Access;
using Provenance.Web.Api;
using Provenance.Web.Pages;
using Provenance.Web.Registry;
using Provenance.Web.Registry.Pushing;
using Provenance.Web.Representations;

namespace Provenance.Web.Hosting;

/// <summary>Puts the server together: limits, what every answer goes through, and what is answered where.</summary>
internal static class WebApplicationMaker
{
    /// <summary>Of a request's body: a host profile is the largest thing that readers send.</summary>
    private const long MostBodyBytes = 8 << 20;

    private const int MostConnections = 2000;
    private const int BurstSeconds = 4;
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    /// <summary>Whoever sends a header a minute holds a connection and nothing else. Of bodies Kestrel wants 240 bytes a second, after five seconds.</summary>
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>Beside ASP.NET Core's own list.</summary>
    private static readonly string[] CompressedTypes =
    [
        "image/svg+xml", Representation.JsonLd, Representation.DataCiteJson, "application/provenance+json", "application/linkset+json",
        "application/problem+json", "application/vnd.in-toto+json",
    ];

    public static WebApplication Make(ServeOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(json => json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Provenance", LogLevel.Information)
            // That it could not start is said by whoever started it, in one line.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(log => log.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        var listening = new Listening(options);
        builder.Services.AddSingleton(listening);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            listening.Open(kestrel);
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Sites>();
        builder.Services.AddScoped<Visit>();
        if (options.Oidc is { } oidc)
        {
            builder.Services.AddSingleton(_ => new OidcTokens(oidc, options.Time));
        }

        builder.Services.AddScoped(services => services.GetRequiredService<Sites>().Of(services.GetRequiredService<Visit>().Audience));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi("v1", ApiDescription.Configure);
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, .. CompressedTypes];
        });
        builder.Services.AddRateLimiter(limiter => LimitRate(limiter, options.RequestsPerSecond));
        // Only a proxy on this machine is believed about whom it speaks for.
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost);
        builder.Services.AddHostedService<FirstCensus>();
        if (options.Writing is not null)
        {
            builder.Services.AddSingleton<UploadBudgets>();
            builder.Services.AddHostedService<UploadTidying>();
        }

        if (options.MetricsAddress is not null)
        {
            Metrics.Add(builder.Services, options);
        }

        var app = builder.Build();
        if (options.MetricsAddress is not null)
        {
            app.MapWhen(http => http.Features.Get<OperatorConnection>() is not null, Metrics.Connect);
        }

        Connect(app);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
    }

    private static void LimitRate(RateLimiterOptions limiter, int perSecond)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return ValueTask.CompletedTask;
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => perSecond == 0
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(ClientAddress.Of(http.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
            {
                TokensPerPeriod = perSecond,
                TokenLimit = perSecond * BurstSeconds,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
    }

    private static void Connect(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<Envelope>();
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal), web => web.UseResponseCompression());
        app.UseWhen(Failures.IsApi, static api => api.UseStatusCodePages());
        app.UseRateLimiter();
        app.UseMiddleware<Admission>();
        // What a reviewer may see is decided by the route, before anything of it is made.
        app.UseRouting();
        app.UseMiddleware<Redaction>();
        app.UseMiddleware<Failures>();
        var pages = app.MapGroup("").AddEndpointFilter(Conditional.AnswerAsync);
        PageEndpoints.Map(pages);
        Feeds.Feeds.Map(pages);
        RecordEndpoints.Map(pages);
        RepresentationEndpoints.Map(pages);
        ApiEndpoints.Map(pages);
        BadgeEndpoints.Map(pages);
        BlobEndpoints.Map(app);
        ReviewEndpoints.Map(app);
        AssetEndpoints.Map(app);
        RegistryEndpoints.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapGet("/healthz", Health);
        app.MapFallback(NoSuchAddress);
    }

    private static IResult NoSuchAddress(Site site, HttpContext http)
    {
        const string Detail = "Nothing of this archive has that address.";
        return Failures.IsApi(http) ? Results.Problem(Detail, statusCode: StatusCodes.Status404NotFound) : Troubles.NotFound(site, Detail);
    }

    /// <summary>Whether the archive can be read.</summary>
    private static IResult Health(Site site)
    {
        using var reader = site.Shelf.Open();
        return Results.Text("ok\n");
    }
}
