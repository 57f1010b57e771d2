namespace Provenance.Web.Pages;

/// <summary>The head of the log.</summary>
public sealed record LogPage
{
    public required PageHead Head { get; init; }

    /// <summary>Records in it.</summary>
    public required long Size { get; init; }

    /// <summary>Its verifier key; null when it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The signed note; null when there is none yet.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Where it can be followed, absolute.</summary>
    public required string Address { get; init; }
}
