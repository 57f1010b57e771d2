using System.Text;
using CsCheck;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

public sealed class RecordLinesTests
{
    private static readonly TreeEntry Entry = new()
    {
        Path = "usr/bin/su",
        Type = TreeEntryType.File,
        Mode = "4755",
        Size = 3,
        Sha256 = RecordSamples.DigestsOf("su!").Sha256,
        Xattrs = [new TreeXattr { Name = "user.a", Value = "YQ==" }],
    };

    [Fact]
    public void A_tree_entry_is_one_canonical_line()
    {
        string line = Encoding.UTF8.GetString(RecordLines.Serialize(Entry));

        Assert.Equal(
            "{\"mode\":\"4755\",\"path\":\"usr/bin/su\",\"sha256\":\"" + Entry.Sha256
                + "\",\"size\":3,\"type\":\"file\",\"xattrs\":[{\"name\":\"user.a\",\"value\":\"YQ==\"}]}\n",
            line);
    }

    [Fact]
    public void Lists_of_any_length_and_any_file_name_read_back() =>
        Gen.String.Where(name => name.All(c => c != '\0' && !char.IsSurrogate(c))).List[0, 200].Sample(names =>
        {
            var files = names.Select(name => Used("/" + name)).ToList();
            return RecordLines.ReadUsed(new Trickle(RecordLines.Serialize(files))).SequenceEqual(files);
        }, iter: 20);

    [Fact]
    public void A_line_that_is_too_long_is_refused_however_it_comes()
    {
        byte[] line = RecordLines.Serialize([Used("/" + new string('a', RecordLines.MaxLineBytes))]);

        Assert.Throws<RecordFormatException>(() => RecordLines.ReadUsed(new MemoryStream(line)).ToList());
        Assert.Throws<RecordFormatException>(() => RecordLines.ReadUsed(new MemoryStream([.. line, .. line])).ToList());
    }

    [Fact]
    public void Generated_files_read_back()
    {
        var file = new GeneratedFile
        {
            Path = "/work/out\nline",
            Kind = FileKind.Link,
            Change = FileChange.Created,
            Mode = "0777",
            Size = 0,
            Target = "in",
            NotHashed = "is a link",
            Kept = false,
        };

        Assert.Equal([file, file], RecordLines.ReadGenerated(new MemoryStream(RecordLines.Serialize([file, file]))));
    }

    [Theory]
    [InlineData("{\"mode\":\"0644\"}\n", "tree manifest, line 2: ")]
    [InlineData("\n", "tree manifest, line 2: ")]
    [InlineData("[]\n", "tree manifest, line 2: ")]
    [InlineData("{}", "tree manifest: the last line has no line feed")]
    public void A_line_of_another_form_is_refused_by_its_number(string second, string reason)
    {
        byte[] lines = [.. RecordLines.Serialize(Entry), .. Encoding.UTF8.GetBytes(second)];

        var refused = Assert.Throws<RecordFormatException>(() => RecordLines.ReadTree(new MemoryStream(lines)).ToList());

        Assert.StartsWith(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_ended_by_carriage_return_is_refused()
    {
        byte[] line = [.. RecordLines.Serialize(Entry)[..^1], (byte)'\r', (byte)'\n'];

        Assert.Throws<RecordFormatException>(() => RecordLines.ReadTree(new MemoryStream(line)).ToList());
    }

    [Fact]
    public void An_endless_line_is_refused_before_it_fills_memory()
    {
        using var endless = new Endless();

        var refused = Assert.Throws<RecordFormatException>(() => RecordLines.ReadTree(endless).ToList());

        Assert.Contains("a line has more than 1048576 bytes", refused.Message, StringComparison.Ordinal);
        Assert.True(endless.Given < 4 * RecordLines.MaxLineBytes);
    }

    private static UsedFile Used(string path) => new()
    {
        Path = path,
        Kind = FileKind.File,
        Mode = "0644",
        Size = 1,
        Digest = RecordSamples.DigestsOf("x"),
        Kept = true,
    };

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7));
    }

    /// <summary>Never comes to a line feed.</summary>
    private sealed class Endless : MemoryStream
    {
        public long Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            Given += count;
            return count;
        }
    }
}
