using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>A terminal that does not show what is typed, until this is disposed of or a signal ends the program. Source: termios(3).</summary>
public sealed class TerminalEcho : IDisposable
{
    private readonly SafeFileHandle _terminal;
    private readonly byte[] _before;
    private readonly PosixSignalRegistration[] _signals;

    private TerminalEcho(SafeFileHandle terminal, byte[] before)
    {
        _terminal = terminal;
        _before = before;
        _signals =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
                .Select(signal => PosixSignalRegistration.Create(signal, _ => Restore())),
        ];
    }

    /// <returns>Null for what is no terminal.</returns>
    public static TerminalEcho? Off(SafeFileHandle terminal)
    {
        if (PseudoTerminals.GetModes(terminal) is not { } before)
        {
            return null;
        }

        var off = new TerminalEcho(terminal, before);
        PseudoTerminals.SetModes(terminal, PseudoTerminals.WithoutEcho(before));
        return off;
    }

    public void Dispose()
    {
        Restore();
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void Restore() => PseudoTerminals.SetModes(_terminal, _before);
}
