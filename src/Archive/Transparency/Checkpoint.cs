using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Transparency;

/// <summary>What the log commits to: whose log, how many entries, and the root hash over them.</summary>
/// <remarks>Source: C2SP tlog-checkpoint.md, note text. The signature lines that follow the text come with the log's key.</remarks>
public sealed partial record Checkpoint(string Origin, TreeHead Tree)
{
    /// <summary>More than any checkpoint has with the signatures of 16 witnesses.</summary>
    public const int MaxBytes = 1 << 16;

    /// <exception cref="LogException">The text is not a checkpoint.</exception>
    public static Checkpoint Parse(ReadOnlySpan<byte> bytes)
    {
        var match = Text().Match(Encoding.UTF8.GetString(bytes));
        if (!match.Success
            || !long.TryParse(match.Groups["size"].ValueSpan, NumberStyles.None, null, out long size))
        {
            throw new LogException("checkpoint of the log: not in the form of C2SP tlog-checkpoint");
        }

        byte[] root = new byte[MerkleTree.HashBytes];
        if (!Convert.TryFromBase64String(match.Groups["root"].Value, root, out int written) || written != root.Length)
        {
            throw new LogException($"checkpoint of the log: '{match.Groups["root"].Value}' is no root hash");
        }

        return new Checkpoint(match.Groups["origin"].Value, new TreeHead(size, root));
    }

    public byte[] ToBytes() =>
        Encoding.UTF8.GetBytes($"{Origin}\n{Tree.Size}\n{Convert.ToBase64String(Tree.Root.Span)}\n");

    // Extension lines are refused: the specification recommends against them, and we write none.
    [GeneratedRegex(@"\A(?<origin>[^\n]+)\n(?<size>0|[1-9][0-9]{0,18})\n(?<root>[A-Za-z0-9+/]{43}=)\n(\n(— [^\n]+\n)+)?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Text();
}
