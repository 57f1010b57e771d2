namespace Provenance.Archive.Content;

/// <summary>The SHA-256 agrees and the SHA-512 does not: one of the two was forged.</summary>
public sealed class Sha512MismatchException(Digest digest)
    : ArchiveException($"content of '{digest}' has another SHA-512 than its descriptor says")
{
    public Digest Digest { get; } = digest;
}
