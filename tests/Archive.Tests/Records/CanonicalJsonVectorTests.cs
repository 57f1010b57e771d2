using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

/// <summary>RFC 8785 as its author tests it, and the strictness of the reader as JSONTestSuite does.</summary>
public sealed partial class CanonicalJsonVectorTests
{
    // Names must be unique (RFC 8785 §3.1 by way of I-JSON); RFC 8259 only recommends it.
    private static readonly string[] RefusedOnPurpose =
        ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

    private static readonly string Published =
        Path.Combine(RepositoryFolder.Vectors, "json-canonicalization", "testdata");

    private static readonly string JsonTestSuite =
        Path.Combine(RepositoryFolder.Vectors, "JSONTestSuite", "test_parsing");

    public static TheoryData<string> Documents => Names(Path.Combine(Published, "input"), "*.json");

    public static TheoryData<string> MustBeAccepted => Names(JsonTestSuite, "y_*.json");

    public static TheoryData<string> MustBeRefused => Names(JsonTestSuite, "n_*.json");

    public static TheoryData<string> MayBeEither => Names(JsonTestSuite, "i_*.json");

    [Theory]
    [MemberData(nameof(Documents))]
    public void Published_document_comes_out_as_published(string name)
    {
        byte[] input = File.ReadAllBytes(Path.Combine(Published, "input", name));
        byte[] expected = File.ReadAllBytes(Path.Combine(Published, "output", name));
        string hex = File.ReadAllText(Path.Combine(Published, "outhex", Path.ChangeExtension(name, ".txt")));

        byte[] canonical = CanonicalJson.Canonicalize(input, CanonicalProfile.Rfc8785);

        Assert.Equal(expected, canonical);
        Assert.Equal(Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit))), canonical);
        Assert.True(CanonicalJson.IsCanonical(canonical, CanonicalProfile.Rfc8785));
    }

    /// <summary>The checksums and the way the numbers are generated stand in the vectors' README.</summary>
    [Theory]
    [InlineData(1_000, "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687")]
    [InlineData(100_000, "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7")]
    public void Numbers_are_printed_as_the_published_checksum_says(int lines, string sha256)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ulong bits in Numbers().Take(lines))
        {
            string text = Es6Number.Format(BitConverter.UInt64BitsToDouble(bits));
            hash.AppendData(Encoding.ASCII.GetBytes($"{bits:x},{text}\n"));
        }

        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void A_number_reads_back_as_the_same_double() =>
        Gen.Double.Where(double.IsFinite).Sample(number =>
            number == double.Parse(Es6Number.Format(number), CultureInfo.InvariantCulture));

    [Theory]
    [MemberData(nameof(MustBeAccepted))]
    public void Valid_json_is_accepted(string name)
    {
        byte[] json = File.ReadAllBytes(Path.Combine(JsonTestSuite, name));
        if (RefusedOnPurpose.Contains(name))
        {
            Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(json, CanonicalProfile.Rfc8785));
            return;
        }

        byte[] canonical = CanonicalJson.Canonicalize(json, CanonicalProfile.Rfc8785);

        Assert.True(CanonicalJson.IsCanonical(canonical, CanonicalProfile.Rfc8785));
    }

    [Theory]
    [MemberData(nameof(MustBeRefused))]
    public void Invalid_json_is_refused(string name)
    {
        byte[] json = File.ReadAllBytes(Path.Combine(JsonTestSuite, name));

        Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(json, CanonicalProfile.Rfc8785));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[{\"\":")]
    public void A_hundred_thousand_open_brackets_are_refused(string bracket)
    {
        byte[] json = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(bracket, 100_000)));

        Assert.Throws<JsonFormatException>(() => CanonicalJson.Canonicalize(json, CanonicalProfile.Rfc8785));
    }

    [Theory]
    [MemberData(nameof(MayBeEither))]
    public void What_the_standard_leaves_open_is_refused_or_made_canonical(string name)
    {
        byte[] json = File.ReadAllBytes(Path.Combine(JsonTestSuite, name));
        byte[] canonical;
        try
        {
            canonical = CanonicalJson.Canonicalize(json, CanonicalProfile.Rfc8785);
        }
        catch (JsonFormatException)
        {
            return;
        }

        Assert.True(CanonicalJson.IsCanonical(canonical, CanonicalProfile.Rfc8785));
    }

    private static TheoryData<string> Names(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static IEnumerable<ulong> Numbers()
    {
        string readme = File.ReadAllText(Path.Combine(Published, "README.md"));
        string list = readme[..readme.IndexOf("])", StringComparison.Ordinal)];
        foreach (Match match in HexLiteral().Matches(list))
        {
            yield return ulong.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        for (ulong i = 0; i < 2000; i++)
        {
            yield return 0x0010000000000000 + i;
        }

        for (byte[] block = SHA256.HashData(new byte[32]); ; block = SHA256.HashData(block))
        {
            for (int i = 0; i < block.Length; i += sizeof(ulong))
            {
                ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(i));
                double number = BitConverter.UInt64BitsToDouble(bits);
                if (number != 0 && double.IsFinite(number))
                {
                    yield return bits;
                }
            }
        }
    }

    [GeneratedRegex("0x([0-9a-f]{16})n")]
    private static partial Regex HexLiteral();
}
