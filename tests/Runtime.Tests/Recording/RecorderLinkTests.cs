using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>Whoever waits for a job does not wait for a recorder that does nothing any more.</summary>
public sealed class RecorderLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>More than the pipe holds shows at once that nobody takes it; less does when the recorder is to end.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    public async Task A_stopped_recorder_is_ended_and_not_waited_for(int mebibytes)
    {
        var link = RecorderLink.Start(new RecorderCommand("/bin/sh", ["-c", "kill -STOP $$; sleep 600"]), patienceMilliseconds: 200);
        for (int i = 0; i < mebibytes; i++)
            link.Tap(OutputStream.Stdout, new byte[1 << 20]);

        var letGo = Task.Run(link.Dispose, TestContext.Current.CancellationToken);

        await letGo.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists($"/proc/{link.Pid}"), "the recorder stays");
    }
}
