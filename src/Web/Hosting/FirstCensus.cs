using Microsoft.Data.Sqlite;
using Provenance.Archive;
using Provenance.Archive.Access;
using Provenance.Web.Access;

namespace Provenance.Web.Hosting;

/// <summary>Counts a large archive when the server starts, so that nobody waits for it.</summary>
internal sealed class FirstCensus(ServeOptions options, Sites sites) : BackgroundService
{
    /// <summary>Of the catalog. A smaller one is counted while its first page is made.</summary>
    private const long LargeBytes = 64 << 20;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(Count, stoppingToken);

    private void Count()
    {
        try
        {
            if (new FileInfo(options.Layout.CatalogDatabase) is { Exists: true, Length: > LargeBytes })
            {
                sites.Of(Audience.Public).Census.Now();
            }
        }
        catch (Exception e) when (e is ArchiveException or SqliteException or IOException or UnauthorizedAccessException)
        {
            // Whoever asks for a page is told.
        }
    }
}
