using System.Buffers.Binary;

namespace Provenance.Archive.Trust;

/// <summary>What is said between a key agent and who has it sign: frames over a Unix socket. Specified in schema/FORMAT.d/trust.md.</summary>
public static class KeyAgentProtocol
{
    /// <summary>The variable that names the socket.</summary>
    public const string Variable = "PROV_KEY_AGENT";

    /// <summary>Asks whether a key is held.</summary>
    public const byte Holds = 1;

    /// <summary>Asks for a signature.</summary>
    public const byte Sign = 2;

    /// <summary>The answer is what was asked for.</summary>
    public const byte Done = 0;

    /// <summary>The answer is why not, in words.</summary>
    public const byte Refused = 1;

    /// <summary>SHA-256 of a key's SubjectPublicKeyInfo, in bytes.</summary>
    public const int NameBytes = 32;

    /// <summary>Of what may be signed: signed attributes, requests and checkpoints have some hundred bytes.</summary>
    public const int MaxDataBytes = 1 << 16;

    /// <summary>Of a frame behind its length.</summary>
    public const int MaxFrameBytes = 1 + NameBytes + MaxDataBytes;

    /// <summary>Reads one frame: its length in four bytes, big-endian, then so many.</summary>
    /// <returns>Null when the other side has ended instead.</returns>
    /// <exception cref="IOException">The frame is empty, too long, or ends early; or the stream cannot be read, or not in time.</exception>
    public static byte[]? Read(Stream stream)
    {
        byte[] length = new byte[sizeof(uint)];
        int read = stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }

        uint bytes = read == length.Length ? BinaryPrimitives.ReadUInt32BigEndian(length) : 0;
        if (bytes is 0 or > MaxFrameBytes)
        {
            throw new IOException($"a frame of {bytes} bytes, 1 to {MaxFrameBytes} expected");
        }

        byte[] frame = new byte[bytes];
        stream.ReadExactly(frame);
        return frame;
    }

    /// <exception cref="IOException">The stream cannot be written, or not in time.</exception>
    public static void Write(Stream stream, byte kind, ReadOnlySpan<byte> content)
    {
        byte[] frame = new byte[sizeof(uint) + 1 + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)(1 + content.Length));
        frame[sizeof(uint)] = kind;
        content.CopyTo(frame.AsSpan(sizeof(uint) + 1));
        stream.Write(frame);
    }
}
