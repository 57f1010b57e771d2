using System.Diagnostics;
using System.Globalization;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>Runs the tests beside this one once more as somebody who is not root.</summary>
public sealed class OrdinaryUserTests
{
    private const string Nobody = "65534";

    [Fact]
    public void All_of_it_holds_for_an_ordinary_user()
    {
        Assert.SkipWhen(Identity.EffectiveUid != 0, "is run by an ordinary user as it is");
        Assert.SkipUnless(CanRun(), "setpriv is not there, or an ordinary user cannot reach these tests");
        string home = Directory.CreateTempSubdirectory("prov-rootfs-home-").FullName;
        File.SetUnixFileMode(home, (UnixFileMode)0b111_111_111);

        var (status, output) = RunAsNobody([
            Environment.ProcessPath!, "-noColor", "-noLogo",
            "-class", typeof(LayerUnpackerTests).FullName!,
            "-class", typeof(SharedFilesTests).FullName!,
            "-class", typeof(RootfsStoreTests).FullName!,
            "-class", typeof(FolderPackerTests).FullName!,
            "-class", typeof(FilesTests).FullName!,
        ], home);

        Directory.Delete(home, recursive: true);
        Assert.True(status == 0, output);
        Assert.DoesNotContain("Total: 0,", output, StringComparison.Ordinal);
    }

    private static bool CanRun() =>
        File.Exists("/usr/bin/setpriv") && RunAsNobody(["test", "-x", Environment.ProcessPath!], "/").Status == 0;

    private static (int Status, string Output) RunAsNobody(string[] command, string home)
    {
        var start = new ProcessStartInfo("/usr/bin/setpriv")
        {
            ArgumentList = { $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (string argument in command)
            start.ArgumentList.Add(argument);
        start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, string.Create(CultureInfo.InvariantCulture, $"{output}{error.Result}"));
    }
}
