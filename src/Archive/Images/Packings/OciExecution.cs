using System.Text.Json;

namespace Provenance.Archive.Images.Packings;

/// <summary>The member <c>config</c> of a config.</summary>
internal sealed record OciExecution
{
    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public string? WorkingDir { get; init; }

    public string? User { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? ExposedPorts { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Volumes { get; init; }

    public string? StopSignal { get; init; }
}
