using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Standard output or standard error, to be written to and nothing else.</summary>
/// <remarks>
/// System.Console takes hold of the terminal when it first writes: it switches the keypad's mode, keeps the settings it found to set them
/// again, and handles SIGCHLD and SIGCONT. All of that is the job's.
/// </remarks>
public sealed class StandardStream : Stream
{
    private readonly SafeFileHandle _file;
    private readonly string _name;
    private readonly bool _isWhole;
    private bool _isBroken;

    private StandardStream(int number, string name, bool isWhole = false) =>
        (_file, _name, _isWhole) = (Descriptors.Standard(number), name, isWhole);

    public static StandardStream Output { get; } = new(1, "standard output");

    /// <summary>Standard output for what is worth nothing in part, such as a bundle: that nobody reads any more is an error.</summary>
    public static StandardStream WholeOutput { get; } = new(1, "standard output", isWhole: true);

    public static StandardStream Error { get; } = new(2, "standard error");

    public bool IsTerminal => Descriptors.IsTerminal(_file);

    /// <summary>Width of the terminal; null for what is none, or does not say.</summary>
    public int? Columns => PseudoTerminals.ColumnsOf(_file);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <remarks>Nobody reads any more (<c>prov log | head</c>): that is no error, the rest is dropped.</remarks>
    /// <exception cref="SyscallException">It cannot be written; said once, what follows is dropped.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isBroken)
            return;
        var error = Descriptors.TryWriteAll(_file, buffer);
        _isBroken = error != Errno.None;
        // That standard error cannot be written, nobody can be told.
        if (_isBroken && (_isWhole || error != Errno.EPIPE) && this != Error)
            throw new SyscallException("write", _name, error);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
