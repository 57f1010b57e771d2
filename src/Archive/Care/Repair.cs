namespace Provenance.Archive.Care;

/// <summary>One thing that was mended.</summary>
/// <param name="Subject">What, as fsck names it.</param>
/// <param name="How">From what it was made again, and where the old one is.</param>
public sealed record Repair(string Subject, string How)
{
    /// <param name="subject">As <see cref="Subject"/>.</param>
    /// <param name="how">From what it was made again.</param>
    /// <param name="aside">Where the damaged one is, below the archive's folder; null when there was none.</param>
    internal static Repair Replacing(string subject, string how, string? aside) =>
        new(subject, aside is null ? how : $"{how}; the damaged one is in '{aside}'");
}
