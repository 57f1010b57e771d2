using Provenance.Runtime.Analysis.Arm64;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>What instructions of arm64 ask for, beside what GNU as and objdump say of them.</summary>
public sealed class Arm64DecoderTests
{
    private const string Libraries = "/usr/aarch64-linux-gnu/lib";

    /// <summary>
    /// What as wants an extension for and /proc/cpuinfo has no name of (FEAT_LOR, FEAT_LS64, FEAT_TME, FEAT_XS, FEAT_SPECRES), and names of hint
    /// space, which does nothing where it is unknown.
    /// </summary>
    private static readonly string[] Uncounted =
        ["stllr", "ldlar", "ld64b", "st64b", "tstart", "ttest", "tcommit", "tcancel", "cfp", "dvp", "cpp", "cosp"];

    /// <summary>Features, architecture and instructions of each block of CorpusArm64/instructions.txt.</summary>
    public static TheoryData<string, string, string> Extensions()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Analysis", "CorpusArm64", "instructions.txt");
        var data = new TheoryData<string, string, string>();
        foreach (string block in File.ReadAllText(file).Split("\n[")[1..])
        {
            string[] lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string[] head = lines[0].Split("] ");
            data.Add(head[0], head[1], string.Join("; ", lines[1..]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public void An_instruction_asks_for_its_extension_and_for_nothing_else(string features, string arch, string instructions)
    {
        Arm64Assembler.RequireInstalled();
        var made = Arm64Assembler.Assemble(arch, instructions.Split("; "));
        Assert.Equal(instructions.Split("; ").Length, made.Count);
        foreach (var (word, text) in made)
        {
            var found = Arm64Decoder.Find(word);
            Assert.False(found?.IsInvalid ?? false, text);
            Assert.Equal($"{text}: {features}", $"{text}: {string.Join(' ', Arm64Features.NamesOf(found?.Features ?? 0))}");
        }
    }

    /// <summary>Words of every group: what objdump names and as takes for Armv8.0-A asks for nothing, and what it refuses asks for something.</summary>
    [Fact]
    public void Words_at_random_are_baseline_where_the_assembler_says_so()
    {
        const uint Groups = 2048, OfEach = 12, Spread = 2654435761;
        const int GroupShift = 21;
        Arm64Assembler.RequireInstalled();

        // Knuth's multiplicative hash (TAOCP 3, 6.4): the same words every time.
        var words = Enumerable.Range(0, (int)(Groups * OfEach))
            .Select(i => ((uint)i / OfEach << GroupShift) | (unchecked((uint)i * Spread) >> (32 - GroupShift)));
        Assert.True(Compare(Arm64Assembler.Name(words)) > 4000);
    }

    [Theory]
    [InlineData("libc.so.6")]
    [InlineData("libstdc++.so.6")]
    [InlineData("libm.so.6")]
    [InlineData("ld-linux-aarch64.so.1")]
    [InlineData("libgomp.so.1")]
    public void Real_libraries_are_baseline_where_the_assembler_says_so(string library)
    {
        Arm64Assembler.RequireInstalled();
        Assert.SkipUnless(File.Exists(Path.Combine(Libraries, library)), $"{library} for arm64 is not installed");
        Assert.True(Compare(Arm64Assembler.Disassemble(Path.Combine(Libraries, library))) > 500);
    }

    /// <returns>How many different instructions were compared.</returns>
    private static int Compare(IEnumerable<(uint Word, string Text)> named)
    {
        var compared = named.DistinctBy(one => one.Text).Where(one => IsComparable(one.Word, one.Text)).ToList();
        var refused = Arm64Assembler.Refused("armv8-a", [.. compared.Select(one => one.Text)]);
        Assert.All(compared.Index(), one =>
        {
            var found = Arm64Decoder.Find(one.Item.Word);
            bool asks = found is { Features: not 0 };
            Assert.True(
                asks == refused.Contains(one.Index) && found is not { IsInvalid: true },
                $"{one.Item.Word:x8} {one.Item.Text}: {(asks ? string.Join(' ', Arm64Features.NamesOf(found!.Features)) : "baseline")}");
        });
        return compared.Count;
    }

    /// <summary>Named by objdump; not relative to where it stands, no hint, no system register, nothing without a name in /proc/cpuinfo.</summary>
    private static bool IsComparable(uint word, string text) =>
        !text.StartsWith('.') && !text.Contains("undefined", StringComparison.Ordinal) && !text.Contains('<', StringComparison.Ordinal)
        && !text.StartsWith("udf", StringComparison.Ordinal)
        && (word & 0x1c000000) != 0x14000000 && (word & 0x1f000000) != 0x10000000 && (word & 0x3b000000) != 0x18000000
        && !Uncounted.Any(name => text.StartsWith(name, StringComparison.Ordinal));
}
