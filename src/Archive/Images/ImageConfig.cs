using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>What an image's config says of how it is run. Absent lists are empty; members we do not know are passed over.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, config.md; Docker's own configs are a superset.</remarks>
public sealed record ImageConfig
{
    public required string Architecture { get; init; }

    public required string Os { get; init; }

    public string? Variant { get; init; }

    /// <summary><c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Cmd { get; init; } = [];

    /// <summary>Null or absolute.</summary>
    public string? WorkingDir { get; init; }

    /// <summary><c>user</c>, <c>uid</c>, <c>user:group</c>, …; null for root.</summary>
    public string? User { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Such as <c>80/tcp</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Name or number of a signal.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Digests of the uncompressed layers, from the lowest up.</summary>
    public IReadOnlyList<Digest> DiffIds { get; init; } = [];

    public Platform Platform => new() { Os = Os, Architecture = Architecture, Variant = Variant };

    /// <summary>Reads the JSON of a config.</summary>
    /// <exception cref="ImageException">It is not JSON, or a member it must have is missing or of another type.</exception>
    public static ImageConfig Parse(ReadOnlySpan<byte> json) => throw new NotImplementedException();
}
