using CsCheck;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Binaries;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>Files that no linker made: they are analysed or refused, and nothing is read beyond their end.</summary>
public sealed class HostileCodeTests
{
    private const int Changes = 300;

    private static readonly byte[] Whole = File.ReadAllBytes("/bin/true");

    [Fact]
    public void A_file_cut_short_anywhere_is_analysed_or_refused()
    {
        for (int length = 0; length < Whole.Length; length += 1 + (length / 12))
        {
            AnalyseOrRefuse(Whole[..length]);
        }
    }

    [Fact]
    public void Random_changes_are_analysed_or_refused() =>
        Gen.Select(Gen.Int[0, Math.Min(8192, Whole.Length) - 8], Gen.ULong).Array[1, 12].Sample(
            changes =>
            {
                byte[] content = [.. Whole];
                foreach (var (at, value) in changes)
                {
                    BitConverter.TryWriteBytes(content.AsSpan(at), value);
                }

                AnalyseOrRefuse(content);
            },
            iter: Changes);

    private static void AnalyseOrRefuse(byte[] content)
    {
        try
        {
            var code = new CodeObject(content);
            _ = code.ProcessorExports().Count();
            _ = new Reachability(code, new HashSet<string>(), isOnlyFor: false).Find();
        }
        catch (ElfFormatException)
        {
            // Refused by name.
        }
    }
}
