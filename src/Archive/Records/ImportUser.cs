namespace Provenance.Archive.Records;

/// <summary>Who imported an image, as the machine knows them: a <see cref="RunUser"/> without a home. Who vouches for it is the signer.</summary>
public sealed record ImportUser
{
    public required long Uid { get; init; }

    public required long Gid { get; init; }

    public required string Name { get; init; }
}
