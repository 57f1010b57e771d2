using System.Buffers.Binary;
using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>What a witness said: at this time, the checkpoint was the largest it had seen of the log, and consistent with all before.</summary>
/// <remarks>Source: C2SP tlog-cosignature.md, "Format" and "Ed25519 signed message".</remarks>
/// <param name="Witness">Its key.</param>
/// <param name="Time">To the second.</param>
public sealed record Cosignature(VerifierKey Witness, DateTimeOffset Time)
{
    internal const int TimeBytes = sizeof(ulong);

    // What DateTimeOffset can say; the specification's own bound, 2^63 - 1 seconds, is beyond.
    private static readonly ulong LastSecond = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Who cosigned, of those that are known, and when.</summary>
    internal static string Tell(IReadOnlyList<Cosignature> found, int known)
    {
        string names = string.Join(", ", found.Select(by => $"{by.Witness.Name} on {by.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}"));
        return $"cosigned by {found.Count} of {known} known witnesses{(found.Count == 0 ? "" : $": {names}")}";
    }

    /// <summary>What the witness signs.</summary>
    internal static byte[] Message(string text, DateTimeOffset time) =>
        Encoding.UTF8.GetBytes($"cosignature/v1\ntime {time.ToUnixTimeSeconds()}\n{text}");

    /// <returns>Null when the bytes are no time and signature.</returns>
    internal static DateTimeOffset? FindTime(ReadOnlySpan<byte> timestampedSignature)
    {
        if (timestampedSignature.Length != TimeBytes + Ed25519.SignatureBytes)
        {
            return null;
        }

        ulong seconds = BinaryPrimitives.ReadUInt64BigEndian(timestampedSignature);
        return seconds <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
    }

    internal static byte[] ToBytes(DateTimeOffset time, ReadOnlySpan<byte> signature)
    {
        byte[] bytes = new byte[TimeBytes + signature.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeSeconds());
        signature.CopyTo(bytes.AsSpan(TimeBytes));
        return bytes;
    }
}
