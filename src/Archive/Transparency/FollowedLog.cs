using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>A log that is followed: the key it was first known by, and what was last seen of it.</summary>
/// <remarks>In a file it is the verifier key on the first line, and then the checkpoint as it was found. Specified in schema/FORMAT.d/log.md.</remarks>
public sealed record FollowedLog(VerifierKey Key, SignedCheckpoint Seen)
{
    /// <exception cref="LogException">The bytes are none.</exception>
    public static FollowedLog Parse(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        return end >= 0
            ? new FollowedLog(VerifierKey.Parse(SignedNote.DecodeText(bytes[..end])), SignedCheckpoint.Parse(bytes[(end + 1)..]))
            : throw new LogException("state of a followed log: has no line with its key");
    }

    public byte[] ToBytes() => [.. Encoding.UTF8.GetBytes($"{Key}\n"), .. Seen.ToBytes()];
}
