using System.Text;
using CsCheck;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>Where two contents first differ, and what is shown of it.</summary>
public sealed class FirstDifferenceFinderTests
{
    /// <summary>What is read at a time.</summary>
    private const int BlockBytes = 1 << 16;

    [Theory]
    [InlineData("one\ntwo\n", "one\ntoo\n", 5, 2, "two", "too")]
    [InlineData("a", "b", 0, 1, "a", "b")]
    [InlineData("", "b", 0, 1, "", "b")]
    [InlineData("one\n", "one\ntwo\n", 4, 2, "", "two")]
    [InlineData("one\ntwo", "one\n", 4, 2, "two", "")]
    [InlineData("x\ty\n", "x\tz\n", 2, 1, "x\ty", "x\tz")]
    [InlineData("größe 1", "größe 2", 8, 1, "größe 1", "größe 2")]
    public void Text(string then, string now, long offset, long line, string original, string replayed)
    {
        var difference = FirstDifferenceFinder.Find(Bytes(then), Bytes(now))!;
        Assert.Equal((offset, line, original, replayed), (difference.Offset, difference.Line, difference.Original, difference.Replayed));
    }

    [Theory]
    [InlineData("000102", "000103", 2, "02", "03")]
    [InlineData("ff", "", 0, "ff", "")]
    [InlineData("1b5b306d", "1b5b316d", 2, "306d", "316d")]
    public void Bytes_that_are_no_text_are_shown_in_hexadecimal(string then, string now, long offset, string original, string replayed)
    {
        var difference = FirstDifferenceFinder.Find(
            new MemoryStream(Convert.FromHexString(then)), new MemoryStream(Convert.FromHexString(now)))!;
        Assert.Equal((offset, null, original, replayed), (difference.Offset, difference.Line, difference.Original, difference.Replayed));
    }

    [Theory]
    [InlineData(BlockBytes - 1)]
    [InlineData(BlockBytes)]
    [InlineData(BlockBytes + 1)]
    [InlineData(3 * BlockBytes + 7)]
    public void Lines_are_counted_across_blocks(int offset)
    {
        string then = string.Concat(Enumerable.Repeat("0123456\n", offset / 8 + 2));
        string now = string.Concat(then.AsSpan(0, offset), "X", then.AsSpan(offset + 1));
        var difference = FirstDifferenceFinder.Find(Bytes(then), Bytes(now))!;
        Assert.Equal((offset, offset / 8 + 1), (difference.Offset, difference.Line));
        Assert.Equal(then.Split('\n')[offset / 8], difference.Original.TrimEnd('\n'));
    }

    [Fact]
    public void Of_a_long_line_the_part_around_the_difference_is_shown()
    {
        string then = new('a', 1000);
        var difference = FirstDifferenceFinder.Find(Bytes(then), Bytes(then[..500] + "b" + then[501..]))!;
        Assert.InRange(difference.Replayed.Length, 1, 200);
        Assert.Contains("b", difference.Replayed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_letter_is_not_cut_in_two()
    {
        string then = string.Concat(Enumerable.Repeat("ö", 300));
        var difference = FirstDifferenceFinder.Find(Bytes(then), Bytes(then[..150] + "x"))!;
        Assert.Equal(1, difference.Line);
        Assert.DoesNotContain("\uFFFD", difference.Original, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_contents_have_none_and_others_the_one_that_comparing_byte_by_byte_finds() =>
        Gen.Select(Gen.Byte[0, 4].Array[0, 40], Gen.Byte[0, 4].Array[0, 40]).Sample((then, now) =>
        {
            var difference = FirstDifferenceFinder.Find(new MemoryStream(then), new MemoryStream(now));
            if (then.AsSpan().SequenceEqual(now))
                return difference is null;
            return difference?.Offset == then.AsSpan().CommonPrefixLength(now);
        });

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
