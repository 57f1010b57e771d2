namespace Provenance.Web.Registry.Pushing;

/// <summary>Removes what clients have begun to send and not ended, when the server starts and once an hour.</summary>
internal sealed class UploadTidying(ServeOptions options) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, options.Time);
        do
        {
            var now = options.Time.GetUtcNow();
            UploadRoom.Tidy(options.Layout, now);
            LinkedLayout.RemoveLeftovers(options.Layout, now - TimeSpan.FromDays(1));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
