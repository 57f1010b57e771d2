using System.Buffers.Binary;

namespace Provenance.Runtime.Native;

/// <summary>A message with one open descriptor, as a <see cref="SyscallProgram"/> sends it over a Unix socket: unix(7), cmsg(3).</summary>
/// <remarks>
/// A struct msghdr of 56 bytes, a struct iovec of 16, eight bytes of content, and a struct cmsghdr of 16 that is followed by
/// the descriptor: a step that opens one stores it there.
/// </remarks>
internal sealed class DescriptorMessage(ReadOnlyMemory<byte> content)
{
    public const int ContentBytes = 8;

    /// <summary>Where the descriptor stands, in bytes; eight of them may be written.</summary>
    public const int DescriptorOffset = ControlOffset + ControlHeaderBytes;

    private const int VectorOffset = 56, ContentOffset = 72, ControlOffset = 80;
    private const int ControlHeaderBytes = 16, TotalBytes = ControlOffset + ControlHeaderBytes + sizeof(long);

    /// <summary>Without the addresses.</summary>
    public byte[] Bytes { get; } = Fill(content.Span);

    /// <summary>Fills in the addresses, for a message that lies at one.</summary>
    public static void Relocate(Span<byte> message, long address)
    {
        BinaryPrimitives.WriteInt64LittleEndian(message[16..], address + VectorOffset);
        BinaryPrimitives.WriteInt64LittleEndian(message[32..], address + ControlOffset);
        BinaryPrimitives.WriteInt64LittleEndian(message[VectorOffset..], address + ContentOffset);
    }

    private static byte[] Fill(ReadOnlySpan<byte> content)
    {
        byte[] message = new byte[TotalBytes];
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(24), 1);
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(40), TotalBytes - ControlOffset);
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(VectorOffset + sizeof(long)), ContentBytes);
        content.CopyTo(message.AsSpan(ContentOffset, ContentBytes));
        var control = message.AsSpan(ControlOffset);
        BinaryPrimitives.WriteInt64LittleEndian(control, ControlHeaderBytes + sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(control[8..], Libc.SOL_SOCKET);
        BinaryPrimitives.WriteInt32LittleEndian(control[12..], Libc.SCM_RIGHTS);
        return message;
    }
}
