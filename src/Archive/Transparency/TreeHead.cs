namespace Provenance.Archive.Transparency;

/// <summary>A tree as a whole: how many leaves it has, and the hash over all of them.</summary>
public sealed record TreeHead(long Size, ReadOnlyMemory<byte> Root)
{
    public bool Equals(TreeHead? other) => other is not null && Size == other.Size && HasRoot(other.Root.Span);

    public override int GetHashCode() => HashCode.Combine(Size, Convert.ToHexString(Root.Span));

    public bool HasRoot(ReadOnlySpan<byte> root) => Root.Span.SequenceEqual(root);
}
