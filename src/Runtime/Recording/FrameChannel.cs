using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Messages over a pipe: one byte of kind, four of length (little-endian), then as many bytes of content.</summary>
/// <remarks>Both ends are this very program, so there is no version; a length is still checked before it is believed.</remarks>
internal static class FrameChannel
{
    public const int MaxContentBytes = 1 << 26;
    private const int HeaderBytes = 5;

    /// <summary>Writes one frame; the error when the other end is gone, or takes nothing for too long.</summary>
    public static Errno TryWrite(
        SafeFileHandle pipe, FrameKind kind, ReadOnlySpan<byte> content, int patienceMilliseconds = -1)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], content.Length);
        var error = Descriptors.TryWriteAll(pipe, header, patienceMilliseconds);
        return error == Errno.None ? Descriptors.TryWriteAll(pipe, content, patienceMilliseconds) : error;
    }

    /// <summary>Reads one frame; null at the end of the pipe, in the middle of a frame too.</summary>
    /// <exception cref="RecordingException">The frame is longer than any of ours.</exception>
    public static (FrameKind Kind, byte[] Content)? Read(SafeFileHandle pipe)
    {
        byte[] header = new byte[HeaderBytes];
        if (!TryFill(pipe, header))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1));
        if (length is < 0 or > MaxContentBytes)
        {
            throw new RecordingException($"frame has {length} bytes, expected at most {MaxContentBytes}");
        }

        byte[] content = new byte[length];
        return TryFill(pipe, content) ? ((FrameKind)header[0], content) : null;
    }

    private static bool TryFill(SafeFileHandle pipe, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (Descriptors.TryRead(pipe, buffer, out int length) != Errno.None || length == 0)
            {
                return false;
            }

            buffer = buffer[length..];
        }

        return true;
    }
}
