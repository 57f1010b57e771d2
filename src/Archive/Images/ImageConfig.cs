using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

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
    public static ImageConfig Parse(ReadOnlySpan<byte> json)
    {
        const string What = "image config";
        var config = OciReader.ReadConfig(json, What);
        var execution = config.Config;
        return new ImageConfig
        {
            Architecture = config.Architecture ?? throw new ImageException($"{What}: has no architecture"),
            Os = config.Os ?? throw new ImageException($"{What}: has no os"),
            Variant = NotEmpty(config.Variant),
            Env = execution?.Env ?? [],
            Entrypoint = execution?.Entrypoint ?? [],
            Cmd = execution?.Cmd ?? [],
            WorkingDir = NotEmpty(execution?.WorkingDir),
            User = NotEmpty(execution?.User),
            Labels = execution?.Labels ?? new Dictionary<string, string>(),
            ExposedPorts = Keys(execution?.ExposedPorts),
            Volumes = Keys(execution?.Volumes),
            StopSignal = NotEmpty(execution?.StopSignal),
            DiffIds = [.. (config.Rootfs?.DiffIds ?? []).Select(ToDiffId)],
        };
    }

    private static Digest ToDiffId(string text) => Digest.TryParse(text, out var digest)
        ? digest
        : throw new ImageException($"image config: diff_id {TreePath.Quote(text)} is not a sha256 digest");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string[] Keys<T>(IReadOnlyDictionary<string, T>? members) =>
        members is null ? [] : [.. members.Keys.Order(StringComparer.Ordinal)];
}
