using System.Text.RegularExpressions;
using Xunit;

namespace Provenance.Tidy.Tests;

/// <summary>The shape of a source file.</summary>
public sealed partial class SourceFileTests
{
    private const int MostLines = 400;
    private const int LongestLine = 160;

    [Fact]
    public void A_file_has_at_most_400_lines()
    {
        var longer =
            from file in Repository.SourceFiles("src")
            let lines = Repository.ReadLines(file).Length
            where lines > MostLines
            select $"{file}: {lines}";

        Assert.Empty(longer);
    }

    [Fact]
    public void A_line_can_be_read_without_scrolling()
    {
        var longer =
            from file in Repository.SourceFiles("src")
            from line in Repository.ReadLines(file).Index()
            where line.Item.Length > LongestLine
            select $"{file}:{line.Index + 1}: {line.Item.Length}";

        Assert.Empty(longer);
    }

    [Fact]
    public void A_file_has_one_type_and_its_name()
    {
        var misnamed =
            from file in Repository.SourceFiles("src")
            let types = TopLevelType().Matches(Repository.Read(file)).Select(m => m.Groups["name"].Value).Distinct().ToArray()
            where types.Length > 1 || types.Any(type => Path.GetFileName(file).Split('.')[0] != type)
            select $"{file}: {string.Join(", ", types)}";

        Assert.Empty(misnamed);
    }

    [Fact]
    public void Every_type_has_a_summary()
    {
        var bare =
            from file in Repository.SourceFiles("src")
            let lines = Repository.ReadLines(file)
            from line in lines.Index()
            where TopLevelType().IsMatch(line.Item) && !HasSummary(lines, line.Index) && !IsFurtherPart(file)
            select $"{file}:{line.Index + 1}";

        Assert.Empty(bare);
    }

    [Fact]
    public void Nothing_names_the_place_it_was_written_in()
    {
        var telling =
            from file in FilesBelow(Repository.Root)
            let path = Path.GetRelativePath(Repository.Root, file)
            where !IsGenerated(path) && new FileInfo(file).Length < 1 << 20
            from line in File.ReadLines(file).Index()
            where PlaceOfWriting().IsMatch(line.Item) && !path.EndsWith("SourceFileTests.cs", StringComparison.Ordinal)
            select $"{path}:{line.Index + 1}";

        Assert.Empty(telling);
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(below => !IsGenerated(Path.GetRelativePath(Repository.Root, below) + "/"))
                .SelectMany(FilesBelow));

    // Type.Aspect.cs: the summary stands at Type.cs.
    private static bool IsFurtherPart(string file) => Path.GetFileName(file).Count(c => c == '.') > 1;

    private static bool IsGenerated(string path) =>
        path.Split('/')[0] is ".git" or "artifacts" or "out"
        || path.StartsWith("tests/.cache/", StringComparison.Ordinal)
        || path.EndsWith("packages.lock.json", StringComparison.Ordinal);

    private static bool HasSummary(string[] lines, int type)
    {
        // Attributes, which may take several lines, stand between a type and its summary; an empty line ends the search.
        return lines.Take(type).Reverse()
            .TakeWhile(line => line.Length > 0)
            .Any(line => line.StartsWith("///", StringComparison.Ordinal));
    }

    [GeneratedRegex(
        @"^(?:public|internal|file)(?: (?:static|sealed|abstract|readonly|partial|unsafe|ref))* (?:class|record struct|record|enum|interface|struct|delegate \w+\??) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"(?<![\w.$-])/work/(main|wt|shared|\.)|/tmp/brief|farm-(bench|studio)|artifact-registry|pkg\.dev/", RegexOptions.IgnoreCase)]
    private static partial Regex PlaceOfWriting();
}
