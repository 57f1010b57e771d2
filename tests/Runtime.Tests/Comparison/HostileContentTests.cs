using CsCheck;
using Provenance.Archive.Records;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Comparison;

/// <summary>Whatever a file holds, there is a result: content cut off, with bytes changed, or of chance behind a good beginning.</summary>
public sealed class HostileContentTests
{
    private static readonly DateTimeOffset Time = new(2024, 1, 2, 3, 4, 6, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. Samples.Keys];

    private static Dictionary<string, byte[]> Samples { get; } = new()
    {
        ["a.txt"] = [.. "energy = 1.5 nan -2e10\n"u8],
        ["a.csv"] = [.. "t,\"x\"\n1,2\n3,\"a \"\"b\"\"\n c\"\n"u8],
        ["a.json"] = [.. "{\"a\":[1,2,{\"b\":\"c\"}]}"u8],
        ["a.gz"] = ContentComparerTests.Gzip("a,b\n1,2\n"),
        ["a.bam"] = ContentComparerTests.Gzip([.. "BAM\u0001"u8, 9, 0, 0, 0, .. "@PG\tCL:a\n"u8, 1, 2, 3]),
        ["a.zip"] = ContentComparerTests.Zip(Time, ("a", "1\n"), ("b.json", "{\"x\":1}")),
        ["a.tar"] = ContentComparerTests.Tar(Time, ("a", "1\n"), ("b", "x 2\n")),
        ["a.npy"] = ContentComparerTests.Npy(
            "{'descr': [('x', '<f8'), ('y', '>i2', (2,))], 'fortran_order': False, 'shape': (2,), }",
            [.. ContentComparerTests.Doubles(1), 0, 1, 0, 2, .. ContentComparerTests.Doubles(2), 0, 3, 0, 4]),
        ["a.png"] = ContentComparerTests.Png(2, 2, 8, 2, false, [0, 1, 2, 3, 4, 5, 6, 1, 1, 2, 3, 4, 5, 6]),
        ["b.png"] = ContentComparerTests.Png(3, 3, 4, 3, true, new byte[14], ("PLTE", new byte[12])),
        ["a.h5"] = [0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0],
        // By ncgen 4.9.0, of: short a(t); float b(t, n); char c(n); a:s = 1.5; :history = "2026-01-02 made"; with t unlimited.
        ["a.nc"] = Convert.FromBase64String(
            "Q0RGAQAAAAIAAAAKAAAAAgAAAAF0AAAAAAAAAAAAAAFuAAAAAAAAAgAAAAwAAAABAAAAB2hpc3RvcnkAAAAAAgAAAA8yMDI2LTAxLTAyIG1hZGUAAAAACwAA"
            + "AAMAAAABYQAAAAAAAAEAAAAAAAAADAAAAAEAAAABcwAAAAAAAAYAAAABP/gAAAAAAAAAAAADAAAABAAAAOgAAAABYgAAAAAAAAIAAAAAAAAAAQAAAAAAAAAA"
            + "AAAABQAAAAgAAADsAAAAAWMAAAAAAAABAAAAAQAAAAAAAAAAAAAAAgAAAAQAAADkeHkAAAABgAE/gAAAQAAAAAACgAFAQAAAQIAAAA=="),
        ["a.pdf"] = [.. "%PDF-1.4\n/CreationDate (D:2024) /ID [<00>]\n"u8],
        ["a.pyc"] = [0xA7, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0, 1, 2, 3, 4, 9, 0, 0, 0, 0xE3, 0],
    };

    /// <summary>Found by the changes below: the reader of images refuses such a name with an exception of its own.</summary>
    [Fact]
    public void A_tar_with_a_name_that_is_not_utf8_is_compared_by_bytes()
    {
        const int ChecksumAt = 148, ChecksumBytes = 8;
        byte[] bad = [.. Samples["a.tar"]];
        bad[0] = 0xB9;
        bad.AsSpan(ChecksumAt, ChecksumBytes).Fill((byte)' ');
        int sum = bad.Take(512).Sum(one => one);
        System.Text.Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(bad, ChecksumAt);

        var likeness = Compared.Of("a.tar", Samples["a.tar"], bad, rtol: 1e-3, toolPath: "");

        Assert.Equal(ComparisonResult.Differs, likeness.Result);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_change_of_a_file_gives_a_result(string name)
    {
        byte[] good = Samples[name];
        var change = Gen.Select(Gen.Int[0, good.Length], Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Byte.Array[0, 40], Gen.Int[0, 3]);

        change.Sample(
            (length, at, value, tail, way) =>
            {
                byte[] bad = way switch
                {
                    0 => good[..length],
                    1 => [.. good[..at], value, .. good[(at + 1)..]],
                    2 => [.. good[..at], .. tail],
                    _ => [.. good[..at], .. tail, .. good[at..]],
                };

                // No tool: what is tried here is our own code, and hundreds of times.
                var likeness = Compared.Of(name, good, bad, rtol: 1e-3, toolPath: "");
                var back = Compared.Of(name, bad, good, rtol: 1e-3, toolPath: "");

                Assert.Equal(good.AsSpan().SequenceEqual(bad), likeness.Result == ComparisonResult.Identical);
                Assert.InRange(back.Result, ComparisonResult.Identical, ComparisonResult.Differs);
            },
            iter: 2000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_is_the_same_as_itself(string name) =>
        Assert.Equal(ComparisonResult.Identical, Compared.Of(name, Samples[name], [.. Samples[name]]).Result);

    [Fact]
    public void Json_that_is_deep_is_no_json()
    {
        string deep = new('[', 100_000);

        Assert.Equal("text", Compared.Of("a.json", deep, deep + " 1").Kind);
    }

    [Fact]
    public void Quotes_that_never_end_do_not_take_for_ever()
    {
        string open = "a,\"b\n" + string.Concat(Enumerable.Repeat("\"\",\"\n", 200_000));

        Assert.Equal(ComparisonResult.Differs, Compared.Of("a.csv", open, open + "x").Result);
    }

    [Fact]
    public void Nothing_is_left_in_the_folder()
    {
        using var folder = new TemporaryFolder();
        byte[] large = new byte[6 << 20];
        var context = new Provenance.Runtime.Comparison.ComparisonContext
        {
            Folder = folder.Path,
            Budget = new Provenance.Runtime.Comparison.ExpansionBudget(1L << 30),
        };
        byte[] other = [.. large];
        other[^1] = 1;

        var likeness = Provenance.Runtime.Comparison.ContentComparer.Compare(
            new("a.gz", new MemoryStream(ContentComparerTests.Gzip(large))), new("a.gz", new MemoryStream(ContentComparerTests.Gzip(other))), context);

        Assert.Equal((ComparisonResult.Differs, (6L << 20) - 1), (likeness.Result, likeness.First!.Offset));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
