using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>One variable the job saw. A secret-looking name has a digest in place of its value.</summary>
public sealed record EnvironmentVariable
{
    public required string Name { get; init; }

    public string? Value { get; init; }

    /// <summary>SHA-256 of the value's bytes, lowercase hex, when the name looks secret.</summary>
    [JsonConverter(typeof(Sha256HexJsonConverter))]
    public string? ValueSha256 { get; init; }
}
