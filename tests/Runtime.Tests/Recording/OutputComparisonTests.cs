using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What a run and its replay gave, compared, and the verdict that follows.</summary>
public sealed class OutputComparisonTests
{
    private static readonly GeneratedFile File = new()
    {
        Path = "/work/out",
        Kind = FileKind.File,
        Change = FileChange.Created,
        Mode = "0644",
        Size = 3,
        Digest = ContentHash.Of("one"u8),
        Kept = false,
    };

    private static readonly GeneratedFile Deleted = new()
    {
        Path = "/work/out",
        Kind = FileKind.File,
        Change = FileChange.Deleted,
        Size = 0,
        Kept = false,
    };

    private static readonly GeneratedFile Link = new()
    {
        Path = "/work/out",
        Kind = FileKind.Link,
        Change = FileChange.Created,
        Mode = "0777",
        Size = 0,
        Target = "a",
        Kept = false,
    };

    private static GeneratedFile Other => File with { Size = 5, Digest = ContentHash.Of("other"u8) };

    private static GeneratedFile NotHashed => File with { Digest = null, NotHashed = "was still changing" };

    /// <summary>Then, now, and what is said; the note after a colon.</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        { "file", "file", "Identical" },
        { "file", "changed file", "Identical" },
        { "file", "nothing", "Missing: was not made" },
        { "file", "deleted", "Missing: was not made" },
        { "file", "other", "Differs: 3 bytes then, 5 bytes now" },
        { "file", "same size", "Differs" },
        { "file", "executable", "Differs: mode 0644 then, 0755 now" },
        { "file", "link", "Differs: was a file then, is a link now" },
        { "file", "not hashed", "NotComparable: was still changing" },
        { "not hashed", "file", "NotComparable: was still changing" },
        { "link", "link", "Identical" },
        { "link", "other link", "Differs: pointed to 'a' then, to 'b' now" },
        { "deleted", "deleted", "Identical" },
        { "deleted", "nothing", "Identical" },
        { "deleted", "file", "Differs: was deleted then, stands now" },
        { "deleted", "untouched", "Differs: was deleted then, stands now" },
        { "file", "untouched", "Identical" },
        { "other", "untouched", "Differs: 5 bytes then, 3 bytes now" },
        { "nothing", "file", "Unexpected: was not made then" },
        { "nothing", "deleted", "Unexpected: was not deleted then" },
        { "nothing", "nothing", "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Files(string then, string now, string expected)
    {
        var untouched = now == "untouched" ? Standing(File) : null;
        var outputs = OutputComparison.CompareFiles(List(then), List(now), _ => untouched);
        Assert.Equal(expected, string.Join("; ", outputs.Select(Say)));
        Assert.All(outputs, output => Assert.True(output.Decides));
    }

    [Fact]
    public void Only_the_digest_that_names_a_content_counts()
    {
        var weak = File with { Digest = File.Digest! with { Sha1 = new string('0', 40), Md5 = null } };
        Assert.Equal("Identical", Say(Assert.Single(OutputComparison.CompareFiles([File], [weak], _ => null))));
    }

    [Fact]
    public void Paths_stand_in_ordinal_order_wherever_they_come_from() => Assert.Equal(
        ["/work/A", "/work/a", "/work/b"],
        OutputComparison.CompareFiles(
            [File with { Path = "/work/A" }, File with { Path = "/work/b" }], [File with { Path = "/work/a" }], _ => null)
            .Select(output => output.Name));

    /// <summary>What changes in how the job ended, and each output that is not identical; those that inform only in brackets.</summary>
    public static TheoryData<string, string> OutcomeRows => new()
    {
        { "nothing", "" },
        { "exit", "exit status Differs: exit 0 then, exit 1 now" },
        { "signal", "exit status Differs: exit 0 then, signal 9 now" },
        { "stdout", "stdout Differs: 3 bytes then, 5 bytes now" },
        { "stderr", "(stderr Differs: 3 bytes then, 5 bytes now)" },
        { "no stdout", "stdout NotComparable: was not captured" },
        { "no stderr", "(stderr NotComparable: was not captured)" },
        { "times", "" },
    };

    [Theory]
    [MemberData(nameof(OutcomeRows))]
    public void Outcomes(string change, string expected)
    {
        var then = Ended("one", "one");
        var now = change switch
        {
            "exit" => then with { ExitCode = 1 },
            "signal" => then with { ExitCode = null, Signal = 9 },
            "stdout" => Ended("other", "one"),
            "stderr" => Ended("one", "other"),
            "no stdout" => then with { Stdout = null },
            "no stderr" => then with { Stderr = null },
            "times" => then with { WallMilliseconds = 99, PeakMemoryBytes = 99, EndedAt = DateTimeOffset.MaxValue },
            _ => then,
        };
        var odd = OutputComparison.CompareOutcomes(then, now).Where(output => output.Result != ComparisonResult.Identical)
            .Select(output => output.Decides ? $"{output.Name} {Say(output)}" : $"({output.Name} {Say(output)})");
        Assert.Equal(expected, string.Join("; ", odd));
    }

    [Fact]
    public void Streams_written_to_one_place_are_one_output()
    {
        var one = Ended("one", "one");
        var shared = one with { Stdout = one.Stdout! with { WithStderr = true }, Stderr = null };
        Assert.Equal(["exit status", "stdout"], OutputComparison.CompareOutcomes(shared, shared).Select(output => output.Name));
    }

    /// <summary>Results, those that inform only in lower case, and the verdict.</summary>
    [Theory]
    [InlineData("", "Reproduced")]
    [InlineData("I I", "Reproduced")]
    [InlineData("I D", "Differs")]
    [InlineData("I M", "Differs")]
    [InlineData("I U", "Differs")]
    [InlineData("I N", "Failed")]
    [InlineData("N D", "Differs")]
    [InlineData("I d", "Reproduced")]
    [InlineData("I n", "Reproduced")]
    [InlineData("N i", "Failed")]
    public void Verdicts(string results, string expected)
    {
        var outputs = results.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(letter => new ComparedOutput
        {
            Name = letter,
            Decides = char.IsUpper(letter[0]),
            Result = Enum.GetValues<ComparisonResult>().Single(r => r.ToString().StartsWith(letter, StringComparison.OrdinalIgnoreCase)),
        });
        Assert.Equal(expected, OutputComparison.Judge([.. outputs], ComparisonPolicy.Default).ToString());
    }

    [Fact]
    public void Identical_outputs_beyond_a_thousand_are_counted_and_all_others_listed()
    {
        var many = Enumerable.Range(0, 1500).Select(number => Compared(number, ComparisonResult.Identical)).ToList();
        many.AddRange(Enumerable.Range(1500, 1100).Select(number => Compared(number, ComparisonResult.Missing)));
        var shortened = OutputComparison.Shorten(many);
        Assert.Equal(1000 + 1 + 1100, shortened.Count);
        Assert.Equal("500 more files are identical", shortened[^1].Note);
        Assert.Equal(OutputComparison.Judge(many, ComparisonPolicy.Default), OutputComparison.Judge(shortened, ComparisonPolicy.Default));
    }

    private static ComparedOutput Compared(int number, ComparisonResult result) =>
        new() { Name = $"{number}", Decides = true, Result = result };

    private static string Say(ComparedOutput output) => output.Note is null || output.Result == ComparisonResult.Identical
        ? $"{output.Result}"
        : $"{output.Result}: {output.Note}";

    private static GeneratedFile[] List(string what) => what switch
    {
        "file" => [File],
        "changed file" => [File with { Change = FileChange.Changed }],
        "other" => [Other],
        "same size" => [File with { Digest = ContentHash.Of("two"u8) }],
        "executable" => [File with { Mode = "0755" }],
        "not hashed" => [NotHashed],
        "link" => [Link],
        "other link" => [Link with { Target = "b" }],
        "deleted" => [Deleted],
        _ => [],
    };

    private static UsedFile Standing(GeneratedFile file) => new()
    {
        Path = file.Path,
        Kind = file.Kind,
        Mode = file.Mode!,
        Size = file.Size,
        Digest = file.Digest,
        Kept = false,
    };

    private static Outcome Ended(string stdout, string stderr) => new()
    {
        ExitCode = 0,
        StartedAt = DateTimeOffset.UnixEpoch,
        EndedAt = DateTimeOffset.UnixEpoch,
        WallMilliseconds = 1,
        UserCpuMilliseconds = 1,
        SystemCpuMilliseconds = 1,
        PeakMemoryBytes = 1,
        Stdout = Stream(stdout),
        Stderr = Stream(stderr),
    };

    private static StreamOutcome Stream(string text) => new()
    {
        Size = text.Length,
        Digest = ContentHash.Of(Encoding.UTF8.GetBytes(text)),
        Truncated = false,
    };
}
