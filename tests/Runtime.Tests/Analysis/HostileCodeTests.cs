using CsCheck;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Analysis.Arm64;
using Provenance.Runtime.Binaries;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>Files that no linker made: they are analysed or refused, and nothing is read beyond their end.</summary>
public sealed class HostileCodeTests
{
    private const int Changes = 300;

    private static readonly byte[] Whole = File.ReadAllBytes("/bin/true");

    /// <summary>Of the cross compiler's C library: small, with a linkage table, outline atomics and unwinding records.</summary>
    private const string Arm64Library = "/usr/aarch64-linux-gnu/lib/libgomp.so.1";

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

    [Fact]
    public void Random_changes_of_an_arm64_library_are_analysed_or_refused()
    {
        Assert.SkipUnless(File.Exists(Arm64Library), "libgomp1-arm64-cross is not installed");
        byte[] whole = File.ReadAllBytes(Arm64Library);
        for (int length = 0; length < whole.Length; length += 1 + (length / 12))
        {
            AnalyseOrRefuse(whole[..length]);
        }

        Gen.Select(Gen.Int[0, whole.Length - 8], Gen.Int[0, 8192], Gen.Bool, Gen.ULong).Array[1, 40].Sample(
            changes =>
            {
                byte[] content = [.. whole];
                foreach (var (anywhere, early, isEarly, value) in changes)
                {
                    BitConverter.TryWriteBytes(content.AsSpan(isEarly ? early : anywhere), value);
                }

                AnalyseOrRefuse(content);
            },
            iter: Changes / 3);
    }

    /// <summary>Any word is something or nothing, and its text can be made.</summary>
    [Fact]
    public void Every_word_can_be_looked_up() => Gen.UInt.Sample(
        word => Arm64Decoder.Text(word).EndsWith($"({word:x8})", StringComparison.Ordinal),
        iter: 100_000);

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
