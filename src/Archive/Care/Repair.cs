namespace Provenance.Archive.Care;

/// <summary>One thing that was mended.</summary>
/// <param name="Subject">What, as fsck names it.</param>
/// <param name="How">From what it was made again, and where the old one is.</param>
public sealed record Repair(string Subject, string How);
