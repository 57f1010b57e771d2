namespace Provenance.Archive.Records;

/// <summary>One thing a statement is about.</summary>
public sealed record Subject
{
    public required string Name { get; init; }

    public required DigestSet Digest { get; init; }
}
