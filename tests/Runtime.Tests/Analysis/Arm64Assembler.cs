using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>GNU as and objdump for arm64: who names instructions, and says which version of the architecture has them.</summary>
internal static partial class Arm64Assembler
{
    private const string As = "/usr/bin/aarch64-linux-gnu-as", Objdump = "/usr/bin/aarch64-linux-gnu-objdump";

    internal static void RequireInstalled() => Assert.SkipUnless(File.Exists(As), "binutils-aarch64-linux-gnu is not installed");

    /// <summary>The words of instructions.</summary>
    internal static IReadOnlyList<(uint Word, string Text)> Assemble(string arch, IEnumerable<string> instructions)
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(folder.Path, "a.s"), made = Path.Combine(folder.Path, "a.o");
        File.WriteAllText(source, $".arch {arch}\n{string.Join('\n', instructions)}\n");
        var (status, output) = Arm64Corpus.Run(As, source, "-o", made);
        Assert.True(status == 0, output);
        return Disassemble(made);
    }

    /// <summary>Of an object or library, all of its code.</summary>
    internal static IReadOnlyList<(uint Word, string Text)> Disassemble(string path)
    {
        var (status, output) = Arm64Corpus.Run(Objdump, "-d", "-z", "--no-addresses", "-M", "no-notes", path);
        Assert.True(status == 0, output);
        return
        [
            .. LinePattern().Matches(output).Select(line => (
                uint.Parse(line.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                line.Groups[2].Value.Replace('\t', ' ').Split("//")[0].Trim())),
        ];
    }

    /// <summary>What objdump calls each word.</summary>
    internal static IReadOnlyList<(uint Word, string Text)> Name(IEnumerable<uint> words) =>
        Assemble("armv8-a", words.Select(word => $".inst 0x{word:x8}"));

    /// <summary>Of lines of assembly, the numbers of those that the assembler refuses for a version of the architecture.</summary>
    internal static HashSet<int> Refused(string arch, IReadOnlyList<string> lines)
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(folder.Path, "a.s");
        File.WriteAllText(source, new StringBuilder($".arch {arch}\n").AppendJoin('\n', lines).Append('\n').ToString());
        var (_, output) = Arm64Corpus.Run(As, source, "-o", Path.Combine(folder.Path, "a.o"));
        return [.. ErrorPattern().Matches(output).Select(error => int.Parse(error.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 2)];
    }

    [GeneratedRegex(@"^\s+([0-9a-f]{8})\s+(\S.*)$", RegexOptions.Multiline)]
    private static partial Regex LinePattern();

    [GeneratedRegex(@"^[^\n]*a\.s:([0-9]+): Error", RegexOptions.Multiline)]
    private static partial Regex ErrorPattern();
}
