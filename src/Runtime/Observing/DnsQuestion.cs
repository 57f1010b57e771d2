using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Observing;

/// <summary>The name that a message to a DNS server asks for: RFC 1035 §4.1.</summary>
internal static class DnsQuestion
{
    /// <summary>Longer than a question of one name with all that EDNS adds.</summary>
    public const int MaxBytes = 512;

    private const int HeaderBytes = 12, MaxLabelBytes = 63, MaxNameBytes = 255;

    /// <summary>Null for what is no question.</summary>
    public static string? FindName(ReadOnlySpan<byte> message)
    {
        // QR (the top bit of the flags) is 0 in a question; OPCODE 0 is a standard one.
        if (message.Length <= HeaderBytes || (message[2] & 0xF8) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
            return null;
        var name = new StringBuilder();
        int at = HeaderBytes;
        while (at < message.Length && message[at] != 0)
        {
            int length = message[at++];
            if (length > MaxLabelBytes || at + length > message.Length || name.Length + length > MaxNameBytes)
                return null;
            var label = message.Slice(at, length);
            if (label.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
                return null;
            name.Append(name.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(label));
            at += length;
        }
        return at < message.Length && name.Length > 0 ? name.ToString() : null;
    }
}
