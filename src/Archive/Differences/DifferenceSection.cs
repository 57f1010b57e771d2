namespace Provenance.Archive.Differences;

/// <summary>Things of one kind, the same and the others.</summary>
/// <param name="Name">Such as <c>environment</c>.</param>
/// <param name="Items">In the order of both runs.</param>
public sealed record DifferenceSection(string Name, IReadOnlyList<Difference> Items)
{
    /// <summary>Whether anything that counts is another.</summary>
    public bool Differs => Items.Any(item => item.Counts && !item.IsSame);
}
