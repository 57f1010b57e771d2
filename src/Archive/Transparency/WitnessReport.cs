namespace Provenance.Archive.Transparency;

/// <summary>What came of asking witnesses.</summary>
public sealed record WitnessReport
{
    /// <summary>Nobody is to be asked, or there is nothing to cosign.</summary>
    public static WitnessReport Nobody { get; } = new();

    /// <summary>Entries of the checkpoint that was shown to them; 0 when nobody was asked.</summary>
    public long Size { get; init; }

    /// <summary>Known witnesses that have cosigned this checkpoint, now or before.</summary>
    public IReadOnlyList<Cosignature> Cosignatures { get; init; } = [];

    /// <summary>Why a witness has not, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>How many there must be.</summary>
    public int Required { get; init; }

    public bool IsEnough => Cosignatures.Count >= Required;

    /// <summary>What is to be said, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => IsEnough
        ? Problems
        : [.. Problems, $"{Cosignatures.Count} of {Required} required witnesses have cosigned the log of {Size} entries"];
}
