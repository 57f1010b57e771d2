namespace Provenance.Archive.Transparency;

/// <summary>A leaf of a tree: its place, from 0, and its hash.</summary>
public sealed record TreeLeaf(long Index, ReadOnlyMemory<byte> Hash)
{
    public bool Equals(TreeLeaf? other) =>
        other is not null && Index == other.Index && Hash.Span.SequenceEqual(other.Hash.Span);

    public override int GetHashCode() => HashCode.Combine(Index, Convert.ToHexString(Hash.Span));
}
