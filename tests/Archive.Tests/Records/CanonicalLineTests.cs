using System.Text;
using System.Text.Json;
using CsCheck;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

/// <summary>Lines that are written in one go are those that the serializer and the canonical form give.</summary>
public sealed class CanonicalLineTests
{
    private static readonly string[] Odd = ["a\"b\\c", "\b\t\n\f\r\u0001\u001f\u007f\u0080", "/päth/\u20ac/\U0001F600", "\u2028<>&'+", ""];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 40],
        Gen.String.Where(text => !text.Contains('\0', StringComparison.Ordinal)),
        Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]));

    private static readonly Gen<UsedFile> Files = Gen.Select(
        Gen.Select(Text, Text.Null(), Text.Null(), Text.Null(), Text),
        Gen.Select(Gen.Enum<FileKind>(), Gen.Enum<FileClass>().Nullable(), Gen.Enum<FileUse>().Nullable(), Gen.Bool.Nullable()),
        Gen.Long[-CanonicalJson.MaxInteger, CanonicalJson.MaxInteger],
        Gen.Bool,
        Hex(32).SelectMany(sha256 => Gen.Select(Hex(16).Null(), Hex(20).Null(), Hex(64).Null(), (md5, sha1, sha512) =>
            new DigestSet { Sha256 = sha256, Md5 = md5, Sha1 = sha1, Sha512 = sha512 })).Null(),
        (texts, words, size, kept, digest) => new UsedFile
        {
            Path = texts.Item1,
            Target = texts.Item2,
            NotHashed = texts.Item3,
            LinkedTo = texts.Item4,
            Modified = texts.Item2,
            Mode = texts.Item5,
            Kind = words.Item1,
            Class = words.Item2,
            Use = words.Item3,
            WriteAccess = words.Item4,
            Size = size,
            Kept = kept,
            Digest = digest,
        });

    private static readonly Gen<TreeEntry> Entries = Gen.Select(
        Text, Text, Text.Null(), Text.Null(), Hex(32).Null(), Gen.Long[0, CanonicalJson.MaxInteger].Nullable(), Gen.Enum<TreeEntryType>(),
        (path, mode, device, target, sha256, size, type) => new TreeEntry
        {
            Path = path,
            Mode = mode,
            Device = device,
            Target = target,
            Sha256 = sha256,
            Size = size,
            Type = type,
        });

    [Fact]
    public void Of_used_files() => Files.Sample(
        file => Assert.Equal(ByTheSerializer(file), Encoding.UTF8.GetString(CanonicalLine.Of(file))), iter: 20_000);

    [Fact]
    public void Of_entries_of_a_tree() => Entries.Sample(
        entry => Assert.Equal(ByTheSerializer(entry), Encoding.UTF8.GetString(CanonicalLine.Of(entry)!)), iter: 20_000);

    [Fact]
    public void All_members_are_written()
    {
        // A member that is added to a type, and not to its line, would be lost.
        Assert.Equal(13, typeof(UsedFile).GetProperties().Length);
        Assert.Equal(8, typeof(TreeEntry).GetProperties().Length);
        Assert.Equal(4, typeof(DigestSet).GetProperties().Length);
    }

    [Fact]
    public void What_is_no_record_is_not_written()
    {
        var file = new UsedFile { Path = "/a", Kind = FileKind.File, Mode = "0644", Size = 1, Kept = false };
        var digest = new DigestSet { Sha256 = new string('0', 64) };

        Assert.Throws<JsonFormatException>(() => CanonicalLine.Of(file with { Path = "/a\0" }));
        Assert.Throws<JsonFormatException>(() => CanonicalLine.Of(file with { Size = CanonicalJson.MaxInteger + 1 }));
        Assert.Throws<JsonException>(() => CanonicalLine.Of(file with { Kind = (FileKind)99 }));
        Assert.Throws<JsonException>(() => CanonicalLine.Of(file with { Use = (FileUse)99 }));
        Assert.Throws<JsonException>(() => CanonicalLine.Of(file with { Class = (FileClass)99 }));
        Assert.Throws<JsonException>(() => CanonicalLine.Of(file with { Digest = digest with { Sha256 = new string('A', 64) } }));
        Assert.Throws<JsonException>(() => CanonicalLine.Of(file with { Digest = digest with { Md5 = "00" } }));
    }

    [Theory]
    [InlineData("\"kind\":99", "list of used files, line 1: ")]
    [InlineData("\"kind\":\"file\" ", "list of used files, line 1: is not in canonical form")]
    [InlineData("\"kind\":\"File\"", "list of used files, line 1: ")]
    [InlineData("\"kind\":\"file\",\"kind\":\"file\"", "list of used files, line 1: ")]
    [InlineData("\"kind\":\"\\u0066ile\"", "list of used files, line 1: is not in canonical form")]
    public void What_is_written_otherwise_is_not_read(string kind, string reason)
    {
        byte[] line = Encoding.UTF8.GetBytes($"{{\"kept\":false,{kind},\"mode\":\"0644\",\"path\":\"/a\",\"size\":1}}\n");

        var refused = Assert.Throws<RecordFormatException>(() => RecordLines.ReadUsed(new MemoryStream(line)).ToList());

        Assert.StartsWith(reason, refused.Message, StringComparison.Ordinal);
    }

    private static Gen<string> Hex(int bytes) => Gen.Byte.Array[bytes].Select(Convert.ToHexStringLower);

    private static string ByTheSerializer(UsedFile file) =>
        Encoding.UTF8.GetString(CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(file, RecordJsonContext.Default.UsedFile)));

    private static string ByTheSerializer(TreeEntry entry) =>
        Encoding.UTF8.GetString(CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(entry, RecordJsonContext.Default.TreeEntry)));
}
