namespace Provenance.Archive.Records;

/// <summary>Who the job was inside the container.</summary>
public sealed record RunUser
{
    public required long Uid { get; init; }

    public required long Gid { get; init; }

    public required string Name { get; init; }

    public required string Home { get; init; }
}
