using System.Text.Json.Serialization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>An in-toto Statement v1: what it is about, and what is said of it.</summary>
/// <remarks>Source: in-toto attestation framework, spec/v1/statement.md.</remarks>
public sealed record Statement<TPredicate>
{
    [JsonPropertyName("_type")]
    public string Type { get; init; } = StatementTypes.StatementV1;

    /// <summary>The outputs of a run, or the image of an import: "which run made these bytes" is a look-up here.</summary>
    public required IReadOnlyList<Subject> Subject { get; init; }

    public required string PredicateType { get; init; }

    /// <summary>The key that signs this: SHA-256 of its SubjectPublicKeyInfo (DER). Null in statements of before it was named.</summary>
    public Digest? Signer { get; init; }

    public required TPredicate Predicate { get; init; }
}
