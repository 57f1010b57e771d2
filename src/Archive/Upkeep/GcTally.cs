namespace Provenance.Archive.Upkeep;

/// <summary>How many, and how much.</summary>
/// <param name="Bytes">Sum of their sizes.</param>
public sealed record GcTally(long Count, long Bytes)
{
    public static GcTally None { get; } = new(0, 0);

    public GcTally Plus(long bytes) => new(Count + 1, Bytes + bytes);
}
