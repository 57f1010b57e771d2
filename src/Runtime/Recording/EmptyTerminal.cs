using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>A terminal of a given size at which nobody types: whoever reads from it is at the end.</summary>
internal sealed class EmptyTerminal : InputChannel
{
    /// <summary>Each read takes one, and a terminal holds no more than 4096 bytes that wait to be read.</summary>
    private const int Ends = 1000;

    private const byte EndOfFile = 4;  // termios(3): VEOF, ^D

    private readonly SafeFileHandle _master;
    private readonly SafeFileHandle _jobEnd;

    /// <exception cref="SyscallException">No terminal is to be had.</exception>
    public EmptyTerminal(TerminalSize? size)
    {
        (_master, _jobEnd) = PseudoTerminals.Open(isRaw: false);
        if (size is { } wanted)
        {
            PseudoTerminals.SetSize(_master, wanted);
        }

        byte[] ends = new byte[Ends];
        Array.Fill(ends, EndOfFile);
        Descriptors.SetNonBlocking(_master);
        _ = Descriptors.TryWriteAll(_master, ends, patienceMilliseconds: 0);
    }

    public override int JobDescriptor => (int)_jobEnd.DangerousGetHandle();

    public override void Start() => _jobEnd.Dispose();

    protected override void Dispose(bool disposing)
    {
        _jobEnd.Dispose();
        _master.Dispose();
        base.Dispose(disposing);
    }
}
