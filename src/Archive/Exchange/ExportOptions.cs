namespace Provenance.Archive.Exchange;

/// <summary>What goes into a bundle beside the records asked for and what these need.</summary>
public sealed record ExportOptions
{
    /// <summary>Whether the layers of images go in. Without them a bundle is small, and says what it lacks.</summary>
    public bool Layers { get; init; } = true;

    /// <summary>Whether replays of the runs go in.</summary>
    public bool Replays { get; init; }

    /// <summary>Whether the runs go in that made what a run used, back to the sources.</summary>
    public bool Chain { get; init; }
}
