namespace Provenance.Archive.Records;

/// <summary>Who the job was inside the container.</summary>
public sealed record RunUser
{
    public required long Uid { get; init; }

    public required long Gid { get; init; }

    public required string Name { get; init; }

    public required string Home { get; init; }

    /// <summary>Further groups that the job was given, by number; null for none, and where the caller was not root.</summary>
    public IReadOnlyList<long>? Groups { get; init; }
}
