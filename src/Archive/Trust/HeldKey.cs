using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>A private key that is unlocked, for an agent to hold. Nobody gets the key itself from here.</summary>
public sealed class HeldKey : IDisposable
{
    private readonly Func<byte[], byte[]> _sign;
    private readonly IDisposable? _owner;
    private readonly Lock _lock = new();

    /// <param name="publicKeyInfo">RFC 5280 SubjectPublicKeyInfo, DER.</param>
    /// <param name="label">For people: what signs with it.</param>
    /// <param name="sign">Called by one thread at a time.</param>
    /// <param name="owner">Disposed of with this.</param>
    internal HeldKey(byte[] publicKeyInfo, string label, Func<byte[], byte[]> sign, IDisposable? owner = null)
    {
        Name = Digest.Of(publicKeyInfo);
        Label = label;
        _sign = sign;
        _owner = owner;
    }

    /// <summary>SHA-256 of the public key: what it is asked for by.</summary>
    public Digest Name { get; }

    public string Label { get; }

    /// <param name="data">What is signed, not its digest.</param>
    public byte[] Sign(byte[] data)
    {
        lock (_lock)
        {
            return _sign(data);
        }
    }

    public void Dispose() => _owner?.Dispose();
}
