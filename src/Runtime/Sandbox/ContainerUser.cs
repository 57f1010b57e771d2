namespace Provenance.Runtime.Sandbox;

/// <summary>Who the job is inside the container. See <see cref="ImageUser"/> for where it comes from.</summary>
/// <remarks>
/// An ordinary caller has one uid, so whoever the job is inside, files are made with the caller's own uid outside.
/// </remarks>
public sealed record ContainerUser
{
    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public required string Name { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string Home { get; init; }

    /// <summary>Further groups, from the image's /etc/group. Only root can give them; otherwise they are noted.</summary>
    public IReadOnlyList<uint> Groups { get; init; } = [];
}
