using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Transparency;

/// <summary>Shows that an entry is in a log, to whoever knows the entry and the log's key and has no log.</summary>
/// <remarks>Source: C2SP tlog-proof.md, "Format".</remarks>
/// <param name="Index">Of the entry, from 0.</param>
/// <param name="Hashes">From the leaf's sibling up.</param>
/// <param name="Checkpoint">As the log, and perhaps witnesses, signed it.</param>
public sealed partial record TlogProof(long Index, IReadOnlyList<byte[]> Hashes, SignedCheckpoint Checkpoint)
{
    /// <summary>A tree of less than 2^63 leaves is no higher.</summary>
    public const int MaxHashes = 63;

    private const string FirstLine = "c2sp.org/tlog-proof@v1";

    /// <exception cref="LogException">The bytes are no proof. What is wrong is said.</exception>
    public static TlogProof Parse(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf("\n\n"u8);
        if (end < 0)
        {
            throw Refused("no empty line separates it from its checkpoint");
        }

        string[] lines = SignedNote.DecodeText(bytes[..end]).Split('\n');
        if (lines[0] != FirstLine)
        {
            throw Refused($"begins with '{lines[0]}', expected '{FirstLine}'");
        }

        // What stands in an extra line is signed by nobody and means nothing to us.
        int at = lines.Length > 1 && ExtraLine().IsMatch(lines[1]) ? 2 : 1;
        var index = at < lines.Length ? IndexLine().Match(lines[at]) : Match.Empty;
        if (!index.Success || !long.TryParse(index.Groups["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long leaf))
        {
            throw Refused("has no index");
        }

        var hashes = lines[(at + 1)..];
        return hashes.Length <= MaxHashes
            ? new TlogProof(leaf, [.. hashes.Select(ParseHash)], SignedCheckpoint.Parse(bytes[(end + 2)..]))
            : throw Refused($"has {hashes.Length} hashes, at most {MaxHashes} expected");
    }

    /// <summary>Where in which log, for a person.</summary>
    public string Place => $"entry {Index} of {Checkpoint.Tree.Size} in '{Checkpoint.Checkpoint.Origin}'";

    public byte[] ToBytes()
    {
        var text = new StringBuilder().Append(FirstLine).Append('\n').Append("index ").Append(Index).Append('\n');
        foreach (byte[] hash in Hashes)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return [.. Encoding.ASCII.GetBytes(text.Append('\n').ToString()), .. Checkpoint.ToBytes()];
    }

    /// <summary>Whether it leads from this entry to the checkpoint's root. Who signed the checkpoint is another question.</summary>
    public bool Includes(ReadOnlySpan<byte> entry) =>
        MerkleTree.VerifyInclusion(new TreeLeaf(Index, MerkleTree.HashLeaf(entry)), Checkpoint.Tree, Hashes);

    /// <summary>Who of those that are known vouches that the log holds this entry; it may be nobody.</summary>
    /// <exception cref="LogException">
    /// It leads elsewhere, nobody has signed its checkpoint, or a signature that says it is a known key's does not hold.
    /// </exception>
    public CheckpointSignatures Verify(ReadOnlySpan<byte> entry, KnownKeys known)
    {
        if (!Includes(entry))
        {
            throw new LogException("the proof does not lead from the record and its signature to the root of its checkpoint");
        }

        return Checkpoint.IsSigned ? Checkpoint.Verify(known) : throw new LogException("the proof is under a checkpoint that nobody has signed");
    }

    private static byte[] ParseHash(string line) =>
        StrictBase64.TryDecode(line, out byte[] hash) && hash.Length == MerkleTree.HashBytes ? hash : throw Refused($"'{line}' is no hash");

    private static LogException Refused(string reason) => new($"proof of the log: {reason}");

    [GeneratedRegex(@"\Aextra [A-Za-z0-9+/]+={0,2}\z")]
    private static partial Regex ExtraLine();

    [GeneratedRegex(@"\Aindex (?<index>0|[1-9][0-9]{0,18})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex IndexLine();
}
