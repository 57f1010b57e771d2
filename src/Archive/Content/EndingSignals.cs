using System.Runtime.InteropServices;

namespace Provenance.Archive.Content;

/// <summary>What has to be put right when a signal ends the program meanwhile. The signal ends it all the same.</summary>
public sealed class EndingSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;

    public EndingSignals(Action putRight)
    {
        _signals =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
                .Select(signal => PosixSignalRegistration.Create(signal, _ => putRight())),
        ];
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }
}
