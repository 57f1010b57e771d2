using System.Formats.Tar;
using System.Text;
using CsCheck;
using Provenance.Archive.Images.Tar;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>Our reader of tars beside the one of .NET, and on what that one cannot read.</summary>
public sealed class TarReaderTests
{
    private static readonly Gen<string> Name =
        Gen.Char["abcxyz ./-üß漢"].Array[1, 180].Select(characters => new string(characters).Trim('/', '.', ' '))
            .Where(name => name.Length > 0);

    private static readonly Gen<(TarEntryFormat Format, string Name, byte[] Content, int Mode)[]> Entries =
        Gen.Select(Gen.Bool.Select(gnu => gnu ? TarEntryFormat.Gnu : TarEntryFormat.Pax), Name, Gen.Byte.Array[0, 2000], Gen.Int[0, 0xFFF]).Array[0, 6];

    [Fact]
    public void What_dotnet_writes_is_read_as_it_was_written() => Entries.Sample(
        entries =>
        {
            var read = Read(Write(entries));
            return read.Select(entry => (entry.Entry.Name, entry.Entry.Mode)).SequenceEqual(entries.Select(entry => (entry.Name, entry.Mode)))
                && read.Zip(entries).All(pair => pair.First.Content.SequenceEqual(pair.Second.Content));
        },
        iter: 300);

    [Fact]
    public void A_tar_that_was_damaged_anywhere_is_read_or_refused() => Gen.Select(Entries, Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
        (entries, where, value) =>
        {
            byte[] tar = Write(entries);
            tar[where % tar.Length] = value;
            return ReadsOrRefuses(tar);
        },
        iter: 1000);

    [Fact]
    public void A_tar_that_was_cut_off_anywhere_is_read_or_refused() => Gen.Select(Entries, Gen.Int[0, int.MaxValue]).Sample(
        (entries, length) =>
        {
            byte[] tar = Write(entries);
            return ReadsOrRefuses(tar[..(length % tar.Length)]);
        },
        iter: 500);

    [Theory]
    [InlineData("0.1")]
    [InlineData("1.0")]
    public void Holes_are_filled(string form)
    {
        var tar = TarBuilder.New();
        byte[] map = Encoding.ASCII.GetBytes("3\n2\n3\n6\n1\n9\n0\n");
        tar = form == "0.1"
            ? tar.Pax(("GNU.sparse.name", "real"), ("GNU.sparse.size", "9"), ("GNU.sparse.map", "2,3,6,1,9,0")).File("x", "abcd")
            : tar.Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "real"), ("GNU.sparse.realsize", "9"))
                .Entry('0', "x", [.. map, .. new byte[512 - map.Length], .. "abcd"u8]);
        var (entry, content) = Assert.Single(Read(tar.File("after").Build()), file => file.Entry.Name == "real");
        Assert.Equal(9, entry.Size);
        Assert.Equal("\0\0abc\0d\0\0", Encoding.ASCII.GetString(content));
    }

    [Fact]
    public void A_number_may_be_binary_or_negative()
    {
        byte[] block = new byte[512];
        block[0] = 0x80;
        block[11] = 5;
        block.AsSpan(12, 12).Fill(0xFF);
        Assert.Equal(5, new TarHeader(block).Number(0, 12, "size"));
        Assert.Equal(-1, new TarHeader(block).Number(12, 12, "mtime"));
    }

    [Fact]
    public void Global_headers_hold_until_they_are_taken_back()
    {
        byte[] tar = TarBuilder.New()
            .Pax('g', ("uid", "7")).File("a").Pax(("uid", "8")).File("b").File("c").Pax('g', ("uid", "")).File("d").Build();
        Assert.Equal([7, 8, 7, 0], Read(tar).Select(file => file.Entry.UserId));
    }

    [Fact]
    public void Attributes_are_read_in_both_spellings()
    {
        byte[] tar = TarBuilder.New()
            .Pax(("SCHILY.xattr.user.a", "1"), ("LIBARCHIVE.xattr.user.b%25", "Mg"), ("LIBARCHIVE.xattr.user.a", "Mg")).File("a").Build();
        var xattrs = Read(tar).Single().Entry.Xattrs.ToDictionary(xattr => xattr.Name, xattr => Encoding.ASCII.GetString(xattr.Value.Span));
        Assert.Equal(new Dictionary<string, string> { ["user.a"] = "1", ["user.b%"] = "2" }, xattrs);
    }

    [Fact]
    public void Times_keep_their_nanoseconds()
    {
        byte[] tar = TarBuilder.New().Pax(("mtime", "1500000000.123456789")).File("a").Pax(("mtime", "-1.5")).File("b").Build();
        Assert.Equal([1_500_000_000_123_456_789, -1_500_000_000], Read(tar).Select(file => file.Entry.ModifiedNanoseconds));
    }

    private static byte[] Write((TarEntryFormat Format, string Name, byte[] Content, int Mode)[] entries)
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var (format, name, content, mode) in entries)
            {
                System.Formats.Tar.TarEntry entry = format == TarEntryFormat.Gnu
                    ? new GnuTarEntry(TarEntryType.RegularFile, name)
                    : new PaxTarEntry(TarEntryType.RegularFile, name);
                entry.DataStream = new MemoryStream(content);
                entry.Mode = (UnixFileMode)mode;
                writer.WriteEntry(entry);
            }
        }

        return bytes.Length == 0 ? new byte[1024] : bytes.ToArray();
    }

    private static bool ReadsOrRefuses(byte[] tar)
    {
        try
        {
            Read(tar);
        }
        catch (ArchiveException)
        {
            // One of ours: that is a refusal. Anything else fails the test.
        }

        return true;
    }

    private static List<(Provenance.Archive.Images.Tar.TarEntry Entry, byte[] Content)> Read(byte[] tar)
    {
        var reader = new Provenance.Archive.Images.Tar.TarReader(new MemoryStream(tar), 1 << 19);
        List<(Provenance.Archive.Images.Tar.TarEntry, byte[])> entries = [];
        while (reader.Next() is { } entry)
        {
            byte[] content = new byte[Math.Min(entry.Size, 1 << 20)];
            for (int read = 0; read < content.Length;)
            {
                read += reader.Read(content.AsSpan(read));
            }

            entries.Add((entry, content));
        }

        return entries;
    }
}
