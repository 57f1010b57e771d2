using System.Security.Cryptography;

namespace Provenance.Archive.Content;

/// <summary>The digest of content that comes piece by piece.</summary>
public sealed class RunningDigest : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(ReadOnlySpan<byte> content) => _sha256.AppendData(content);

    /// <summary>The 32 bytes of the digest of all that was appended; then begins anew.</summary>
    public byte[] Finish() => _sha256.GetHashAndReset();

    public void Dispose() => _sha256.Dispose();
}
