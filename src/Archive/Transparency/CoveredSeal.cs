using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>A seal of another archive that a seal is over, beside the one before it: two lines of its <c>SHA512SUMS</c>.</summary>
/// <param name="Name">SHA-256 of the other's token, by which it is kept in <c>origins/seals/</c>.</param>
/// <param name="SumsSha512">SHA-512 of its lines, in hex.</param>
/// <param name="TokenSha512">Of its token.</param>
internal sealed partial record CoveredSeal(Digest Name, string SumsSha512, string TokenSha512)
{
    /// <summary>In one seal; the next renewal takes the others.</summary>
    public const int MaxPerSeal = 16_384;

    /// <summary>Of the two lines.</summary>
    public const int Bytes = 444;

    /// <summary>What a seal has behind its entries: those, and the seal before, which takes less than this.</summary>
    private const int MaxTailBytes = (MaxPerSeal * Bytes) + 512;

    public static CoveredSeal Of(CarriedSeal seal) => new(seal.Name, seal.SumsSha512, seal.TokenSha512);

    /// <summary>As <c>sha512sum</c> of the archive's folder writes them.</summary>
    public IEnumerable<string> Lines =>
        [$"{SumsSha512}  origins/seals/{Name.Hex}/SHA512SUMS", $"{TokenSha512}  origins/seals/{Name.Hex}/SHA512SUMS.tst"];

    /// <summary>Whether it stands behind that one: they are in order of name, each once.</summary>
    public bool IsAfter(CoveredSeal other) => string.CompareOrdinal(Name.Hex, other.Name.Hex) > 0;

    /// <returns>Null where something else begins there.</returns>
    public static CoveredSeal? TryParse(ReadOnlySpan<byte> bytes)
    {
        var match = bytes.Length >= Bytes ? Pattern().Match(Encoding.Latin1.GetString(bytes[..Bytes])) : Match.Empty;
        return match.Success && Digest.TryParseHex(match.Groups["name"].Value, out var name)
            ? new CoveredSeal(name, match.Groups["sums"].Value, match.Groups["token"].Value)
            : null;
    }

    /// <summary>Those that a seal of this archive says to be over; whether the rest of it is right is another question.</summary>
    /// <returns>None where it cannot be read.</returns>
    public static IReadOnlyList<CoveredSeal> ListedIn(Seal seal)
    {
        var listed = new List<CoveredSeal>();
        try
        {
            if (new FileInfo(seal.SumsPath) is not { Exists: true, LinkTarget: null, Length: > 0 })
            {
                return []; // in somebody's folder it could be a pipe
            }

            using var file = File.OpenRead(seal.SumsPath);
            long from = SealContent.EntryBytes * (seal.Size - seal.From);
            if (file.Length - from is > 0 and <= MaxTailBytes)
            {
                byte[] tail = new byte[file.Length - from];
                file.Position = from;
                file.ReadExactly(tail);
                for (int at = 0; TryParse(tail.AsSpan(at)) is { } one; at += Bytes)
                {
                    listed.Add(one);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            listed.Clear(); // whoever verifies the seal says so
        }

        return listed;
    }

    [GeneratedRegex(
        @"\A(?<sums>[0-9a-f]{128})  origins/seals/(?<name>[0-9a-f]{64})/SHA512SUMS\n(?<token>[0-9a-f]{128})  origins/seals/\k<name>/SHA512SUMS\.tst\n\z")]
    private static partial Regex Pattern();
}
