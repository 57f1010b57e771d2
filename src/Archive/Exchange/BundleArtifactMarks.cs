namespace Provenance.Archive.Exchange;

/// <summary>Who may see a bundle in a registry of ours. Other registries know nothing of it.</summary>
public sealed record BundleArtifactMarks
{
    public bool IsPrivate { get; init; }

    /// <summary>The first day, in UTC, on which everybody may see it; null for at once.</summary>
    public DateOnly? EmbargoUntil { get; init; }

    /// <summary>Whether it says anything.</summary>
    public bool IsAny => IsPrivate || EmbargoUntil is not null;
}
