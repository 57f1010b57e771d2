using Provenance.Web.Hosting;

namespace Provenance.Web.Registry.Pushing;

/// <summary>Removes what clients have begun to send and not ended, when the server starts and once an hour.</summary>
internal sealed class UploadTidying(ServeOptions options, ILogger<UploadTidying> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, options.Time);
        try
        {
            do
            {
                Tidy();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server ends, or does not even start.
        }
    }

    /// <summary>What cannot be removed now is tried again: nobody is to be kept from reading by it.</summary>
    private void Tidy()
    {
        try
        {
            var now = options.Time.GetUtcNow();
            UploadRoom.Tidy(options.Layout, now);
            LinkedLayout.RemoveLeftovers(options.Layout, now - TimeSpan.FromDays(1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotTidied(log, e);
        }
    }
}
