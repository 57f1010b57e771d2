using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Transparency;

/// <summary>What a file <c>SHA512SUMS</c> of a seal lists, of whatever archive: entries of a log, seals that came along, the seal before.</summary>
/// <param name="Entries">How many.</param>
/// <param name="Covered">Seals of further archives that it is over.</param>
/// <param name="BeforeSums">SHA-512 of the lines of the seal before, in hex; null where it is the first.</param>
/// <param name="BeforeToken">Of that one's token.</param>
internal sealed partial record SealContent(int Entries, IReadOnlyList<CoveredSeal> Covered, string? BeforeSums, string? BeforeToken)
{
    /// <summary>The lines of a statement and of its signature.</summary>
    public const int EntryBytes = 2 * LineBytes;

    private const int LineBytes = Sha512Digits + Sha256Digits + 16;
    private const int Sha512Digits = 128;
    private const int Sha256Digits = 64;
    private const int MaxTailBytes = 512;

    private static readonly System.Buffers.SearchValues<byte> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef"u8);

    private static ReadOnlySpan<byte> Folder => "  blobs/sha256/"u8;

    /// <summary>All that it is over, by SHA-512 of their lines and tokens.</summary>
    public IEnumerable<(string Sums, string Token)> Over
    {
        get
        {
            foreach (var seal in Covered)
            {
                yield return (seal.SumsSha512, seal.TokenSha512);
            }

            if (BeforeSums is not null && BeforeToken is not null)
            {
                yield return (BeforeSums, BeforeToken);
            }
        }
    }

    /// <exception cref="LogException">It is of another form.</exception>
    public static SealContent Parse(ReadOnlySpan<byte> sums)
    {
        int end = 0;
        while (sums.Length - end >= EntryBytes && IsOfBlob(sums.Slice(end, LineBytes)) && IsOfBlob(sums.Slice(end + LineBytes, LineBytes)))
        {
            end += EntryBytes;
        }

        int entries = end / EntryBytes;
        var covered = ParseCovered(sums[end..], 2 * entries);
        end += CoveredSeal.Bytes * covered.Count;
        if (end == sums.Length && end > 0)
        {
            return new SealContent(entries, covered, null, null);
        }

        var tail = sums.Length - end <= MaxTailBytes ? SealBefore().Match(Encoding.Latin1.GetString(sums[end..])) : Match.Empty;
        return tail.Success
            ? new SealContent(entries, covered, tail.Groups["sums"].Value, tail.Groups["token"].Value)
            : throw new LogException($"line {(2 * (entries + covered.Count)) + 1} is neither of a record with its signature nor of a seal");
    }

    private static List<CoveredSeal> ParseCovered(ReadOnlySpan<byte> tail, int linesBefore)
    {
        var covered = new List<CoveredSeal>();
        while (CoveredSeal.TryParse(tail[(CoveredSeal.Bytes * covered.Count)..]) is { } seal)
        {
            int line = linesBefore + (2 * covered.Count) + 1;
            if (covered.Count == CoveredSeal.MaxPerSeal)
            {
                throw new LogException($"line {line}: is over more than {CoveredSeal.MaxPerSeal} seals of other archives");
            }

            if (covered.Count > 0 && !seal.IsAfter(covered[^1]))
            {
                throw new LogException($"line {line}: names seals of other archives out of order, or twice");
            }

            covered.Add(seal);
        }

        return covered;
    }

    /// <summary>The very bytes that a seal has of a record with this signature.</summary>
    public static byte[] EntryOf(LogLeaf leaf) => SealSums.ToBytes([SealSums.Line(leaf.Record), SealSums.Line(leaf.Signature)]);

    /// <summary>The first digits of the statement's SHA-256, by which entries are looked for; the rest must be compared.</summary>
    /// <param name="entry">In its form.</param>
    public static ulong KeyOf(ReadOnlySpan<byte> entry) =>
        Utf8Parser.TryParse(entry.Slice(Sha512Digits + Folder.Length, 16), out ulong key, out _, 'x') ? key : 0;

    private static bool IsOfBlob(ReadOnlySpan<byte> line) =>
        line[^1] == (byte)'\n'
        && line.Slice(Sha512Digits, Folder.Length).SequenceEqual(Folder)
        && !line[..Sha512Digits].ContainsAnyExcept(HexDigits)
        && !line.Slice(Sha512Digits + Folder.Length, Sha256Digits).ContainsAnyExcept(HexDigits);

    [GeneratedRegex(
        @"\A(?<sums>[0-9a-f]{128})  (?<folder>seals/[0-9]{4,9}-(?:0|[1-9][0-9]{0,17})/)SHA512SUMS\n(?<token>[0-9a-f]{128})  \k<folder>SHA512SUMS\.tst\n\z")]
    private static partial Regex SealBefore();
}
