using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Million;

/// <summary>Somebody who signs, with a key of his own.</summary>
internal sealed record Person(string Name, SigningKey Key)
{
    public Digest Certificate { get; } = Key.Signer.Fingerprint;
}
