using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;

namespace Provenance.Runtime.Native;

/// <summary>A terminal that does not show what is typed, until this is disposed of or a signal ends the program. Source: termios(3).</summary>
public sealed class TerminalEcho : IDisposable
{
    private readonly SafeFileHandle _terminal;
    private readonly byte[] _before;
    private readonly EndingSignals _signals;

    private TerminalEcho(SafeFileHandle terminal, byte[] before)
    {
        _terminal = terminal;
        _before = before;
        _signals = new EndingSignals(Restore);
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
        _signals.Dispose();
    }

    private void Restore() => PseudoTerminals.SetModes(_terminal, _before);
}
