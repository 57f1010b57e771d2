namespace Provenance.Runtime.Comparison;

/// <summary>Compares the lines of two texts pair by pair, in order.</summary>
internal interface ILineComparer
{
    string Kind { get; }

    /// <summary>Whether the line ends within a field, and goes on in the next.</summary>
    bool IsOpen(ReadOnlySpan<byte> line);

    /// <summary>Compares two lines, and keeps their numbers.</summary>
    /// <param name="line">Its number, from 1.</param>
    /// <returns>What is wrong, when they differ in more than numbers.</returns>
    string? Compare(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now, long line);

    /// <summary>What the lines came to.</summary>
    Likeness Finish();
}
