using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>What the program of one of several images behind a name asks for, as <c>prov image show --requirements --json</c> prints it of an index.</summary>
internal sealed record VariantRequirements
{
    public required string Platform { get; init; }

    /// <summary>Absolute path in the image; null when it was not analysed.</summary>
    public string? Program { get; init; }

    /// <summary>Null when it was not analysed: only programs for x86-64 and arm64 are.</summary>
    public Requirements? Requirements { get; init; }
}
