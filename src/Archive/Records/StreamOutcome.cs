using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>What a job wrote to one of its standard streams.</summary>
public sealed record StreamOutcome
{
    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    public required DigestSet Digest { get; init; }

    /// <summary>The kept content: all of it, or its first bytes when <see cref="Truncated"/>.</summary>
    public Descriptor? Kept { get; init; }

    public required bool Truncated { get; init; }

    /// <summary>Whether the job saw a terminal there: many programs write otherwise to one.</summary>
    public bool Terminal { get; init; }

    /// <summary>Whether standard error went to the same place, so that its bytes stand in between.</summary>
    public bool WithStderr { get; init; }
}
