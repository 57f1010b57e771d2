using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>A library that decides how numbers are computed, as it was really loaded.</summary>
public sealed record LoadedLibrary
{
    /// <summary>Absolute path in the container, links resolved: of alternatives, the one that was chosen.</summary>
    public required string Path { get; init; }

    /// <summary>The path under which it was asked for; null where it is the same.</summary>
    public string? Named { get; init; }

    /// <summary><c>blas</c>, <c>threads</c>, <c>fft</c>, <c>math</c>, <c>mpi</c>, <c>gpu</c>, or <c>variant</c> for others with variants
    /// by processor.</summary>
    public required string Role { get; init; }

    /// <summary>The folder below glibc-hwcaps that the dynamic linker took it from: <c>x86-64-v3</c>; null for the common one.</summary>
    public string? Hwcaps { get; init; }

    /// <summary>Lowercase hex; null when it is not known.</summary>
    [JsonConverter(typeof(Sha256HexJsonConverter))]
    public string? Sha256 { get; init; }
}
