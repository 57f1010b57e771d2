using System.Globalization;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Transparency;

/// <summary>What the log commits to: whose log, how many entries, and the root hash over them.</summary>
/// <remarks>Source: C2SP tlog-checkpoint.md, "Note text".</remarks>
public sealed partial record Checkpoint(string Origin, TreeHead Tree)
{
    /// <exception cref="LogException">The text is not a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !long.TryParse(match.Groups["size"].ValueSpan, NumberStyles.None, null, out long size))
        {
            throw new LogException("checkpoint of the log: not in the form of C2SP tlog-checkpoint");
        }

        if (!StrictBase64.TryDecode(match.Groups["root"].Value, out byte[] root) || root.Length != MerkleTree.HashBytes)
        {
            throw new LogException($"checkpoint of the log: '{match.Groups["root"].Value}' is no root hash");
        }

        // Source: C2SP tlog-witness.md, "A checkpoint of size zero MUST have the root hash of the empty tree".
        return size > 0 || root.AsSpan().SequenceEqual(MerkleTree.EmptyRoot())
            ? new Checkpoint(match.Groups["origin"].Value, new TreeHead(size, root))
            : throw new LogException("checkpoint of the log: has a root although the log is empty");
    }

    /// <summary>The text that is signed.</summary>
    public string ToText() => $"{Origin}\n{Tree.Size}\n{Convert.ToBase64String(Tree.Root.Span)}\n";

    // Extension lines are refused: the specification recommends against them, and we write none.
    [GeneratedRegex(@"\A(?<origin>[^\n]+)\n(?<size>0|[1-9][0-9]{0,18})\n(?<root>[A-Za-z0-9+/]{43}=)\n\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
