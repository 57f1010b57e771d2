using Provenance.Web.Hosting;
using Provenance.Web.Reading;

namespace Provenance.Web;

/// <summary>An archive on the web: pages, API, and an OCI registry to pull from. Started in the program that calls it.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebServer(WebApplication application) => _application = application;

    /// <summary>Where it really listens: with the port that was free, where 0 was asked for.</summary>
    public IReadOnlyList<string> Addresses => _application.Services.GetRequiredService<Listening>().Addresses;

    /// <summary>Where metrics really are; null when they are nowhere.</summary>
    public string? MetricsAddress => _application.Services.GetRequiredService<Listening>().OperatorAddress;

    /// <exception cref="IOException">An address is taken, or is none of this machine.</exception>
    /// <exception cref="TlsFileException">The certificate cannot be served with.</exception>
    public static async Task<WebServer> StartAsync(ServeOptions options, CancellationToken cancellation)
    {
        EnsureThreads();
        var application = WebApplicationMaker.Make(options);
        try
        {
            await application.StartAsync(cancellation);
            return new WebServer(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A request reads files and a database, and waits for the disk: two processors alone would do two at a time, and one thread more a second.
    /// </summary>
    private static void EnsureThreads()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Turns.Most), completions);
    }

    /// <summary>Until a signal ends it (SIGTERM, SIGINT): what is being answered is answered first, for at most 30 seconds.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _application.WaitForShutdownAsync(cancellation);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
