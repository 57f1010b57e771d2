using System.Text.RegularExpressions;
using CsCheck;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Tests.Injection;
using Xunit;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>Dynamic symbols, against readelf(1) on files of this system, and in files that no linker made.</summary>
public sealed partial class ElfSymbolTests
{
    private const int FilesCompared = 40;

    [Fact]
    public void Agrees_with_readelf_on_the_files_of_this_system()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/readelf"), "binutils is not installed");
        string[] files = [.. LoaderCache.Read("/etc/ld.so.cache").Names.Order(StringComparer.Ordinal).SelectMany(LoaderCache.Read("/etc/ld.so.cache").Find).Where(File.Exists)];
        Assert.SkipWhen(files.Length == 0, "this host has no libraries");
        int step = Math.Max(1, files.Length / FilesCompared);
        for (int i = 0; i < files.Length; i += step)
        {
            var symbols = ElfFile.ReadSymbols(files[i]);
            var expected = Symbols(files[i]);

            Assert.Equal((files[i], expected.Length), (files[i], symbols.Count));
            Assert.Equal(expected, symbols.Select(symbol => (symbol.Name, symbol.IsDefined, symbol.IsWeak)));
        }
    }

    [Fact]
    public void A_broken_file_is_refused_or_read_and_nothing_else_happens()
    {
        byte[] good = File.ReadAllBytes("/bin/true");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 20].Sample(
            changes =>
            {
                byte[] broken = [.. good];
                foreach (var (at, value) in changes)
                    broken[at] = value;
                try
                {
                    _ = ElfFile.ReadSymbols(broken);
                }
                catch (ElfFormatException)
                {
                    // As it should.
                }
            },
            iter: 500);
    }

    private static (string Name, bool IsDefined, bool IsWeak)[] Symbols(string file) =>
    [
        .. CompiledImage.Output("readelf", "-W", "--dyn-syms", file).Select(line => Line().Match(line)).Where(match => match.Success)
            .Where(match => match.Groups["bind"].Value is "GLOBAL" or "WEAK" or "UNIQUE" or "<OS specific>: 10")
            .Select(match => (match.Groups["name"].Value, match.Groups["section"].Value != "UND", match.Groups["bind"].Value == "WEAK")),
    ];

    [GeneratedRegex(@"\A\s+\d+: [0-9a-f]+\s+\S+\s+\S+\s+(?<bind>\w+|<OS specific>: 10)\s+\S+\s+(?:\[.*\]\s+)?(?<section>\S+) (?<name>[^@\s]*)")]
    private static partial Regex Line();
}
