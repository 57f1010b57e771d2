namespace Provenance.Archive.Differences;

/// <summary>One thing about two runs, side by side. Digests stand in it in full.</summary>
/// <param name="Name">What it is.</param>
/// <param name="A">In the first run; null when it had no such thing.</param>
/// <param name="B">In the second run; null when it had no such thing.</param>
/// <param name="Counts">False for what is never the same twice, such as the time a run took, or says nothing about what it did.</param>
public sealed record Difference(string Name, string? A, string? B, bool Counts = true)
{
    public bool IsSame => A == B;
}
