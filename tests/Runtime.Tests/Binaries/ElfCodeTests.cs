using System.Globalization;
using CsCheck;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Pinning;
using Xunit;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>Functions and CPUID instructions of real programs, beside nm(1) and objdump(1); and of broken ones.</summary>
public sealed class ElfCodeTests
{
    private const string Loader = "/lib64/ld-linux-x86-64.so.2";

    [Theory]
    [InlineData(Loader)]
    [InlineData("/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("/bin/busybox")]
    public void Every_cpuid_instruction_that_objdump_sees_in_a_function_is_found(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"no {path} on this host");
        string? listing = Native.HeaderTests.Run("objdump", "-d", "--no-show-raw-insn", path);
        Assert.SkipWhen(listing is null, "no objdump on this host");
        using var file = File.OpenHandle(path);
        var code = ElfCode.TryRead(new ElfBytes(file))!;
        var sites = CpuidSites.Find(code);

        string[] theirs =
        [
            .. listing.Split('\n').Where(line => line.TrimEnd().EndsWith("\tcpuid", StringComparison.Ordinal))
                .Select(line => line.Split(':')[0].Trim()).Order(StringComparer.Ordinal),
        ];

        Assert.Equal(
            theirs, sites.Offsets.Select(offset => code.AddressOf(offset)!.Value.ToString("x", CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal));
        Assert.Equal(0, sites.Unproved);
    }

    [Fact]
    public void A_file_that_is_cut_or_changed_anywhere_breaks_nothing()
    {
        Assert.SkipUnless(File.Exists(Loader), $"no {Loader} on this host");
        byte[] good = File.ReadAllBytes(Loader);
        (from length in Gen.Int[0, good.Length]
         from places in Gen.Int[0, good.Length - 1].Array[0, 20]
         from values in Gen.Byte.Array[20]
         select (length, places, values)).Sample(change =>
        {
            byte[] bytes = [.. good];
            foreach (var (place, index) in change.places.Select((place, index) => (place, index)))
            {
                // Most of the file is code: what matters is at both its ends.
                bytes[index % 2 == 0 ? place % 1024 : place] = change.values[index];
            }

            try
            {
                if (ElfCode.TryRead(new ElfBytes(bytes.AsMemory(0, change.length))) is { } code)
                {
                    CpuidSites.Find(code);
                }
            }
            catch (ElfFormatException)
            {
                // Said, and caught by who reads it.
            }
        }, iter: 200);
    }
}
