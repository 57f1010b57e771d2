using System.Numerics;
using System.Security.Cryptography;

namespace Provenance.Archive.Transparency;

/// <summary>The arithmetic of the log's hash tree: roots, proofs and their verification, over hashes that come from anywhere.</summary>
/// <remarks>Source: RFC 6962 §2.1 (hashing), RFC 9162 §2.1.3 and §2.1.4 (proofs and their verification).</remarks>
public static class MerkleTree
{
    /// <summary>Bytes of one hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The hash of a tree with no leaf. Source: RFC 6962 §2.1, "the hash of an empty list is the hash of an empty string".</summary>
    public static byte[] EmptyRoot() => SHA256.HashData([]);

    public static byte[] HashLeaf(ReadOnlySpan<byte> entry)
    {
        byte[] prefixed = new byte[1 + entry.Length];
        prefixed[0] = LeafPrefix;
        entry.CopyTo(prefixed.AsSpan(1));
        return SHA256.HashData(prefixed);
    }

    public static byte[] HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashBytes)];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashBytes)..]);
        return SHA256.HashData(node);
    }

    /// <summary>The hash over the leaves from <paramref name="from"/> up to, not including, <paramref name="to"/>.</summary>
    public static byte[] Root(ISubtreeHashes hashes, long from, long to)
    {
        long count = to - from;
        if (count == 0)
        {
            return EmptyRoot();
        }

        if (BitOperations.IsPow2(count) && from % count == 0)
        {
            return hashes.Subtree(from, count);
        }

        long middle = from + SplitPoint(count);
        return HashNode(Root(hashes, from, middle), Root(hashes, middle, to));
    }

    /// <summary>The hashes that lead from one leaf to the root of the tree of a given size, lowest first. Source: RFC 9162 §2.1.3.1.</summary>
    public static IReadOnlyList<byte[]> InclusionProof(ISubtreeHashes hashes, long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<byte[]>();
        AddInclusion(hashes, index, 0, size, proof);
        return proof;
    }

    /// <summary>The hashes that show the tree of the old size to be the beginning of the tree of the new one. Source: RFC 9162 §2.1.4.1.</summary>
    public static IReadOnlyList<byte[]> ConsistencyProof(ISubtreeHashes hashes, long oldSize, long newSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        var proof = new List<byte[]>();
        if (oldSize != 0 && oldSize != newSize)
        {
            AddConsistency(hashes, oldSize, 0, newSize, isWhole: true, proof);
        }

        return proof;
    }

    /// <summary>Whether the leaf is in the tree. Source: RFC 9162 §2.1.3.2.</summary>
    public static bool VerifyInclusion(TreeLeaf leaf, TreeHead tree, IReadOnlyList<byte[]> proof)
    {
        if (leaf.Index < 0 || leaf.Index >= tree.Size || !AreHashes([leaf.Hash, tree.Root, .. proof.Select(Memory)]))
        {
            return false;
        }

        long node = leaf.Index;
        long last = tree.Size - 1;
        byte[] hash = leaf.Hash.ToArray();
        foreach (byte[] step in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = HashNode(step, hash);
                SkipLevelsWithoutSibling(ref node, ref last);
            }
            else
            {
                hash = HashNode(hash, step);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && tree.HasRoot(hash);
    }

    /// <summary>Whether the old tree is the beginning of the new one. From an empty tree nothing can be proved. Source: RFC 9162 §2.1.4.2.</summary>
    public static bool VerifyConsistency(TreeHead old, TreeHead now, IReadOnlyList<byte[]> proof)
    {
        if (old.Size <= 0 || old.Size > now.Size || !AreHashes([old.Root, now.Root, .. proof.Select(Memory)]))
        {
            return false;
        }

        if (old.Size == now.Size)
        {
            return proof.Count == 0 && old.HasRoot(now.Root.Span);
        }

        // A complete old tree is a node of the new one, and its hash is left out of the proof.
        var path = BitOperations.IsPow2(old.Size) ? new Queue<byte[]>([old.Root.ToArray(), .. proof]) : new Queue<byte[]>(proof);
        return proof.Count > 0 && FoldConsistency(old, now, path);
    }

    private static bool FoldConsistency(TreeHead old, TreeHead now, Queue<byte[]> path)
    {
        long node = old.Size - 1;
        long last = now.Size - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        byte[] oldHash = path.Dequeue();
        byte[] newHash = oldHash;
        while (path.TryDequeue(out byte[]? step))
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                oldHash = HashNode(step, oldHash);
                newHash = HashNode(step, newHash);
                SkipLevelsWithoutSibling(ref node, ref last);
            }
            else
            {
                newHash = HashNode(newHash, step);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && old.HasRoot(oldHash) && now.HasRoot(newHash);
    }

    private static void SkipLevelsWithoutSibling(ref long node, ref long last)
    {
        while (node != 0 && (node & 1) == 0)
        {
            node >>= 1;
            last >>= 1;
        }
    }

    private static void AddInclusion(ISubtreeHashes hashes, long index, long from, long to, List<byte[]> proof)
    {
        if (to - from == 1)
        {
            return;
        }

        long middle = from + SplitPoint(to - from);
        if (index < middle)
        {
            AddInclusion(hashes, index, from, middle, proof);
            proof.Add(Root(hashes, middle, to));
            return;
        }

        AddInclusion(hashes, index, middle, to, proof);
        proof.Add(Root(hashes, from, middle));
    }

    private static void AddConsistency(
        ISubtreeHashes hashes, long oldSize, long from, long to, bool isWhole, List<byte[]> proof)
    {
        if (oldSize == to)
        {
            if (!isWhole)
            {
                proof.Add(Root(hashes, from, to));
            }

            return;
        }

        long middle = from + SplitPoint(to - from);
        if (oldSize <= middle)
        {
            AddConsistency(hashes, oldSize, from, middle, isWhole, proof);
            proof.Add(Root(hashes, middle, to));
            return;
        }

        AddConsistency(hashes, oldSize, middle, to, isWhole: false, proof);
        proof.Add(Root(hashes, from, middle));
    }

    /// <summary>The largest power of two that is smaller than the count.</summary>
    private static long SplitPoint(long count) => 1L << BitOperations.Log2((ulong)(count - 1));

    private static ReadOnlyMemory<byte> Memory(byte[] hash) => hash;

    private static bool AreHashes(ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        foreach (var value in values)
        {
            if (value.Length != HashBytes)
            {
                return false;
            }
        }

        return true;
    }
}
