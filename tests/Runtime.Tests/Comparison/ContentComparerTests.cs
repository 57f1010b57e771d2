using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Runtime.Tests.Comparison;

/// <summary>Containers, arrays, images and the rest, each made here byte by byte or by the platform.</summary>
public sealed class ContentComparerTests
{
    private static readonly DateTimeOffset Then = new(2024, 1, 2, 3, 4, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = new(2026, 5, 6, 7, 8, 10, TimeSpan.Zero);

    [Fact]
    public void A_gzip_header_is_told_from_its_content()
    {
        byte[] then = Gzip("same\n");
        byte[] now = Gzip("same\n");
        BinaryPrimitives.WriteInt32LittleEndian(now.AsSpan(4), 1_700_000_000);

        Assert.Equal("SameContent gzip [gzip packing]", Compared.Of("a.gz", then, now).Words());
        Assert.Equal("Differs gzip of csv", Compared.Of("a.csv.gz", Gzip("a,b\n1,2\n"), Gzip("a,b\n1,3\n")).Words());
        Assert.Equal(ComparisonResult.WithinTolerance, Compared.Of("a.csv.gz", Gzip("a,b\n1,2\n"), Gzip("a,b\n1,3\n"), atol: 1).Result);
    }

    [Fact]
    public void Members_of_a_zip_are_compared_by_content()
    {
        Assert.Equal("SameContent zip [zip packing]", Compared.Of("a.zip", Zip(Then, ("a", "1\n"), ("b", "2\n")), Zip(Now, ("b", "2\n"), ("a", "1\n"))).Words());
        var likeness = Compared.Of("a.zip", Zip(Then, ("a", "x 1\n")), Zip(Now, ("a", "x 2\n")));
        Assert.Equal((ComparisonResult.Differs, "a: line 1, number 1"), (likeness.Result, likeness.Worst!.Where));
        Assert.Equal("member 'b' is missing", Compared.Of("a.zip", Zip(Then, ("a", "1"), ("b", "2")), Zip(Now, ("a", "1"))).Note);
    }

    [Fact]
    public void Members_of_a_tar_are_compared_by_content()
    {
        Assert.Equal(
            "SameContent tar [tar order, tar packing, tar times]",
            Compared.Of("a.tar", Tar(Then, ("a", "1\n"), ("b", "2\n")), Tar(Now, ("b", "2\n"), ("a", "1\n"))).Words());
        var likeness = Compared.Of("a.tar", Tar(Then, ("a", "x 1\n")), Tar(Then, ("a", "x 2\n")), rtol: 1);
        Assert.Equal((ComparisonResult.WithinTolerance, "a: line 1, number 1"), (likeness.Result, likeness.Worst!.Where));
        Assert.Equal("member 'b' was not there then", Compared.Of("a.tar", Tar(Then, ("a", "1")), Tar(Then, ("a", "1"), ("b", "2"))).Note);
    }

    [Fact]
    public void A_zip_in_a_tar_in_a_gzip_is_compared_by_content()
    {
        byte[] then = Gzip(Tar(Then, ("z.zip", Encoding.Latin1.GetString(Zip(Then, ("a", "1"))))));
        byte[] now = Gzip(Tar(Now, ("z.zip", Encoding.Latin1.GetString(Zip(Now, ("a", "1"))))));

        Assert.Equal("SameContent gzip of tar [tar packing, tar times, zip packing]", Compared.Of("a.tgz", then, now).Words());
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":[1,2]}", "{\"b\": [1.0, 2], \"a\": 1}", "SameContent json [json layout]")]
    [InlineData("{\"a\":1}", "{\"a\":2}", "Differs json [json layout]")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":2}", "Differs json")]
    [InlineData("{\"a\":1}", "{\"a\":\"1\"}", "Differs json")]
    [InlineData("[1,2]", "[1]", "Differs json")]
    [InlineData("{\"a\":NaN, \"b\": 1}", "{\"a\":NaN,\"b\":1}", "SameContent text [text layout]")]
    public void Json_is_compared_by_what_it_says(string then, string now, string expected) =>
        Assert.Equal(expected, Compared.Of("a.json", then, now).Words());

    /// <summary>Names looked for one by one would take minutes.</summary>
    [Fact]
    public async Task A_json_object_of_many_members_is_compared_soon()
    {
        var members = Enumerable.Range(0, 200_000).Select(i => $"\"k{i}\":\"{i % 7}\"").ToArray();
        string then = $"{{{string.Join(',', members)}}}", now = $"{{{string.Join(", ", members)}}}";

        var comparison = Task.Run(() => Compared.Of("a.json", then, now).Words(), TestContext.Current.CancellationToken);

        Assert.Equal("SameContent json [json layout]", await comparison.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Json_numbers_at_one_place_share_their_norm()
    {
        const string ThenText = """{"steps":[{"e":1000.0,"n":1},{"e":0.001,"n":2}]}""";
        const string NowText = """{"steps":[{"e":1000.0,"n":1},{"e":0.002,"n":2}]}""";

        Assert.Equal(ComparisonResult.WithinTolerance, Compared.Of("a.json", ThenText, NowText, rtol: 1e-5).Result);
        Assert.Equal("$.steps[1].e", Compared.Of("a.json", ThenText, NowText).Worst!.Where);
        Assert.Equal("$.b was a number then, is null now", Compared.Of("a.json", """{"b":1}""", """{"b":null}""").Note);
        Assert.True(Compared.Of("a.json", """{"t":"2024-01-01T00:00:00Z"}""", """{"t":"2026-01-01T00:00:00Z"}""").LooksLikeTime);
    }

    [Fact]
    public void Arrays_of_numpy_are_compared_by_value()
    {
        byte[] then = Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", Doubles(1, 2, 3, 4));
        byte[] wider = Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }          ", Doubles(1, 2, 3, 4));
        byte[] big = Npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2, 2), }", Reversed(Doubles(1, 2, 3, 4)));
        byte[] other = Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", Doubles(1, 2, 3.5, 4));

        Assert.Equal("SameContent npy [npy header]", Compared.Of("a.npy", then, wider).Words());
        Assert.Equal("SameContent npy [npy byte order]", Compared.Of("a.npy", then, big).Words());
        Assert.Equal(
            new WorstDifference { Absolute = "0.5", Relative = "0.125", Where = "[1, 0]", Original = "3", Replayed = "3.5" },
            Compared.Of("a.npy", then, other).Worst);
        Assert.Equal(ComparisonResult.WithinTolerance, Compared.Of("a.npy", then, other, rtol: 0.2).Result);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", "has shape (4) now, (2, 2) then")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }", "has dtype i8 now, f8 then")]
    [InlineData("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }", "is in Fortran order now, in C order then")]
    public void Another_shape_or_type_of_an_array_is_named(string header, string note)
    {
        byte[] then = Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", Doubles(1, 2, 3, 4));

        Assert.Equal(note, Compared.Of("a.npy", then, Npy(header, Doubles(1, 2, 3, 4)), rtol: 1).Note);
    }

    [Fact]
    public void Fields_of_a_structured_array_have_their_own_norms()
    {
        const string Header = "{'descr': [('big', '<f8'), ('small', '<f8', (2,)), ('name', '|S2')], 'fortran_order': False, 'shape': (1,), }";
        byte[] then = Npy(Header, [.. Doubles(1e6, 1, 2), .. "ab"u8]);
        byte[] number = Npy(Header, [.. Doubles(1e6, 1, 2.5), .. "ab"u8]);
        byte[] name = Npy(Header, [.. Doubles(1e6, 1, 2), .. "ac"u8]);

        Assert.Equal(ComparisonResult.Differs, Compared.Of("a.npy", then, number, rtol: 1e-3).Result);
        Assert.Equal("[0], field 'small'", Compared.Of("a.npy", then, number).Worst!.Where);
        Assert.Equal("differs at [0], field 'name'", Compared.Of("a.npy", then, name, rtol: 1).Note);
    }

    [Fact]
    public void A_png_is_compared_by_pixel()
    {
        byte[] rgb = Png(2, 1, 8, 2, false, [0, 255, 0, 0, 0, 0, 255]);
        byte[] dated = Png(2, 1, 8, 2, false, [0, 255, 0, 0, 0, 0, 255], ("tIME", [7, 234, 1, 2, 3, 4, 5]), ("tEXt", [.. "Software\0x"u8]));
        byte[] palette = Png(2, 1, 1, 3, false, [0, 0b0100_0000], ("PLTE", [255, 0, 0, 0, 0, 255]));
        byte[] deep = Png(2, 1, 16, 2, false, [0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 254]);

        Assert.Equal("SameContent png [png packing, png tEXt, png tIME]", Compared.Of("a.png", rgb, dated).Words());
        Assert.Equal("SameContent png [png packing]", Compared.Of("a.png", rgb, palette).Words());
        var likeness = Compared.Of("a.png", rgb, deep);
        Assert.Equal((ComparisonResult.Differs, "1 pixel differs", "pixel (1, 0)"), (likeness.Result, likeness.Note, likeness.Worst!.Where));
        Assert.Equal(ComparisonResult.WithinTolerance, Compared.Of("a.png", rgb, deep, rtol: 1e-4).Result);
        Assert.Equal("2×1 pixels then, 1×1 now", Compared.Of("a.png", rgb, Png(1, 1, 8, 2, false, [0, 255, 0, 0])).Note);
        Assert.Contains("gAMA", Compared.Of("a.png", rgb, Png(2, 1, 8, 2, false, [0, 255, 0, 0, 0, 0, 255], ("gAMA", [0, 0, 0, 1]))).Note);
    }

    [Fact]
    public void An_interlaced_png_is_the_same_picture()
    {
        // 3 × 3 grey: Adam7 passes hold (0,0); nothing; nothing; (2,0); (0,2)(2,2); (1,0) and (1,2); all of row 1.
        byte[] plain = Png(3, 3, 8, 0, false, [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9]);
        byte[] interlaced = Png(3, 3, 8, 0, true, [0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6]);
        byte[] other = Png(3, 3, 8, 0, true, [0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 60]);

        Assert.Equal("SameContent png [png packing]", Compared.Of("a.png", plain, interlaced).Words());
        Assert.Equal("pixel (2, 1)", Compared.Of("a.png", interlaced, other).Worst!.Where);
    }

    [Fact]
    public void Dates_and_identifiers_of_a_pdf_are_masked()
    {
        const string Text = "%PDF-1.4\n1 0 obj\n<< /CreationDate (D:20240101000000Z) /Producer (x) >>\nendobj\ntrailer << /ID [<00><00>] >>\n";
        string later = Text.Replace("2024", "2026", StringComparison.Ordinal).Replace("<00><00>", "<1f><1f>", StringComparison.Ordinal);

        Assert.Equal("SameContent pdf [pdf dates, pdf id]", Compared.Of("a.pdf", Text, later).Words());
        Assert.Equal(ComparisonResult.Differs, Compared.Of("a.pdf", Text, later.Replace("(x)", "(y)", StringComparison.Ordinal)).Result);
    }

    [Fact]
    public void The_time_in_python_byte_code_and_in_matlab_files_is_told_apart()
    {
        byte[] pyc = [0xA7, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0, 1, 2, 3, 4, 9, 0, 0, 0, 0xE3, 0];
        byte[] mat = [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, written by Octave 7.3.0, 2024-01-01 00:00:00 UTC".PadRight(124)), 0, 1, .. "IM"u8, 5, 6, 7, 8];

        Assert.Equal("SameContent pyc [pyc source time]", Compared.Of("a.pyc", pyc, [.. pyc[..8], 5, 6, 7, 8, .. pyc[12..]]).Words());
        Assert.Equal("Differs pyc", Compared.Of("a.pyc", pyc, [.. pyc[..17], 1]).Words());
        byte[] later = [.. mat];
        "2026"u8.CopyTo(later.AsSpan(46));
        Assert.Equal("SameContent mat [mat header text]", Compared.Of("a.mat", mat, later).Words());
        later[^1]++;
        Assert.Equal("Differs mat", Compared.Of("a.mat", mat, later).Words());
    }

    [Fact]
    public void What_unpacks_to_too_much_is_compared_byte_for_byte()
    {
        byte[] then = Gzip(new byte[64 << 20]);
        byte[] now = [.. then];
        now[9] ^= 1; // the operating system, in the header

        Assert.Equal("SameContent gzip [gzip packing]", Compared.Of("bomb.gz", then, now).Words());
        var likeness = Compared.Of("bomb.gz", then, now, budget: 8 << 20);

        Assert.Equal((ComparisonResult.Differs, "bytes"), (likeness.Result, likeness.Kind));
        Assert.Contains("unpacks to more than", likeness.Note);
    }

    [Fact]
    public void Nesting_ends_somewhere()
    {
        byte[] then = [.. "x 1\n"u8];
        byte[] now = [.. "x 1.0\n"u8];
        for (int depth = 0; depth < 10; depth++)
            (then, now) = (Gzip(then), Gzip(now));

        Assert.Contains("nested too deeply", Compared.Of("a.gz", then, now).Note);
    }

    internal static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    internal static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    internal static byte[] Zip(DateTimeOffset time, params (string Name, string Content)[] members)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                var member = zip.CreateEntry(name);
                member.LastWriteTime = time;
                using var stream = member.Open();
                stream.Write(Encoding.Latin1.GetBytes(content));
            }
        }

        return packed.ToArray();
    }

    internal static byte[] Tar(DateTimeOffset time, params (string Name, string Content)[] members)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in members)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { ModificationTime = time, DataStream = new MemoryStream(Encoding.Latin1.GetBytes(content)) });
        }

        return packed.ToArray();
    }

    internal static byte[] Npy(string header, byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length + 1), (byte)((header.Length + 1) >> 8), .. Encoding.ASCII.GetBytes(header), (byte)'\n', .. data];

    internal static byte[] Doubles(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    internal static byte[] Png(int width, int height, byte depth, byte colour, bool interlaced, byte[] rows, params (string Type, byte[] Content)[] others)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(rows);
        byte[] header = [.. BigEndian(width), .. BigEndian(height), depth, colour, 0, 0, interlaced ? (byte)1 : (byte)0];
        var chunks = others.Prepend(("IHDR", header)).Append(("IDAT", packed.ToArray())).Append(("IEND", Array.Empty<byte>()));
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. chunks.SelectMany(chunk => Chunk(chunk.Item1, chunk.Item2))];
    }

    // A checksum of zeros: pixels are proved by zlib's own.
    private static byte[] Chunk(string type, byte[] content) => [.. BigEndian(content.Length), .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Reversed(byte[] doubles) => [.. doubles.Chunk(8).SelectMany(value => value.Reverse())];
}
