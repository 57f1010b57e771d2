using System.Text.Json;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class MerkleVectorTests
{
    public static TheoryData<string, string> Inclusion => Load("inclusion");

    public static TheoryData<string, string> Consistency => Load("consistency");

    [Theory]
    [MemberData(nameof(Inclusion))]
    public void An_inclusion_proof_is_judged_as_the_vector_says(string name, string json)
    {
        using var vector = JsonDocument.Parse(json);
        var root = vector.RootElement;
        bool expected = !root.GetProperty("wantErr").GetBoolean();

        bool actual = Size(root, "leafIdx") is { } index && Size(root, "treeSize") is { } size
            && MerkleTree.VerifyInclusion(
                new TreeLeaf(index, Bytes(root, "leafHash")), new TreeHead(size, Bytes(root, "root")), Proof(root));

        Assert.True(expected == actual, name);
    }

    [Theory]
    [MemberData(nameof(Consistency))]
    public void A_consistency_proof_is_judged_as_the_vector_says(string name, string json)
    {
        using var vector = JsonDocument.Parse(json);
        var root = vector.RootElement;

        // One vector takes equal sizes with roots that are no hashes at all; ours are always hashes.
        bool expected = !root.GetProperty("wantErr").GetBoolean() && Bytes(root, "root1").Length == MerkleTree.HashBytes;

        bool actual = Size(root, "size1") is { } old && Size(root, "size2") is { } now
            && MerkleTree.VerifyConsistency(
                new TreeHead(old, Bytes(root, "root1")), new TreeHead(now, Bytes(root, "root2")), Proof(root));

        Assert.True(expected == actual, name);
    }

    private static TheoryData<string, string> Load(string kind)
    {
        var rows = new TheoryData<string, string>();
        foreach (string line in File.ReadLines(Path.Combine(RepositoryFolder.Vectors, "merkle", $"{kind}.jsonl")))
        {
            using var vector = JsonDocument.Parse(line);
            rows.Add(vector.RootElement.GetProperty("name").GetString()!, line);
        }

        return rows;
    }

    /// <summary>Null for a size beyond 63 bits, which our log refuses as it reads it.</summary>
    private static long? Size(JsonElement vector, string name) =>
        vector.GetProperty(name).TryGetInt64(out long size) ? size : null;

    private static byte[] Bytes(JsonElement vector, string name) =>
        vector.GetProperty(name).GetString() is { } text ? Convert.FromBase64String(text) : [];

    private static List<byte[]> Proof(JsonElement vector) =>
        vector.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof
            ? [.. proof.EnumerateArray().Select(hash => Convert.FromBase64String(hash.GetString()!))]
            : [];
}
