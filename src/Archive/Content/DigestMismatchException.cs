namespace Provenance.Archive.Content;

/// <summary>Content is not what its name says.</summary>
public sealed class DigestMismatchException(Digest actual, Digest expected)
    : ArchiveException($"content has digest '{actual}', expected '{expected}'")
{
    public Digest Actual { get; } = actual;

    public Digest Expected { get; } = expected;
}
