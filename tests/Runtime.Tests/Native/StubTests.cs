using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Runtime.Tests.Native;

/// <summary>The machine code in the program is what its sources say.</summary>
public sealed class StubTests
{
    [Theory]
    [InlineData("steps-x86-64.S", "", StubCode.StepsX64)]
    [InlineData("signal-x86-64.S", "", StubCode.SignalX64)]
    [InlineData("steps-arm64.S", "aarch64-linux-gnu-", StubCode.StepsArm64)]
    [InlineData("signal-arm64.S", "aarch64-linux-gnu-", StubCode.SignalArm64)]
    public void Assembling_the_source_gives_the_same_bytes(string source, string prefix, string expected)
    {
        bool foreign = prefix.Length == 0
            && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                != System.Runtime.InteropServices.Architecture.X64;
        Assert.SkipWhen(foreign, "the assembler of this host is not x86-64's");
        string path = Path.Combine(Sources(), source);
        Assert.SkipUnless(File.Exists(path), "the sources are not where the tests were built");
        string folder = Directory.CreateTempSubdirectory("prov-stub-").FullName;
        string made = Path.Combine(folder, "stub.o"), bytes = Path.Combine(folder, "stub.bin");
        Assert.SkipWhen(HeaderTests.Run(prefix + "as", "-o", made, path) is null, $"no {prefix}as on this host");
        HeaderTests.Run(prefix + "objcopy", "-O", "binary", "-j", ".text", made, bytes);
        string actual = Convert.ToHexStringLower(File.ReadAllBytes(bytes));
        Directory.Delete(folder, recursive: true);
        Assert.Equal(expected, actual);
    }

    // Not by CallerFilePath: a build on CI maps the paths of its sources.
    private static string Sources()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Provenance.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? "/", "src/Runtime/Native/Stubs");
    }
}
