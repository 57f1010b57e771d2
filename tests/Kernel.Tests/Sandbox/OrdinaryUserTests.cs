using System.Diagnostics;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>Runs the other tests of this folder once more, as somebody whom this host does not even know by name.</summary>
public sealed class OrdinaryUserTests
{
    private const string Uid = "54321";

    [Fact]
    public void All_of_it_holds_for_an_ordinary_user()
    {
        Assert.SkipUnless(Caller.Current().Uid == 0, "this is an ordinary user already");
        string[] classes =
        [
            nameof(ContainerTests), nameof(MountTests), nameof(PrivilegeTests), nameof(CommandTests), nameof(SignalTests), nameof(TreeCopyTests),
        ];
        var start = new ProcessStartInfo(
            "setpriv",
            [
                $"--reuid={Uid}", $"--regid={Uid}", "--clear-groups", Environment.ProcessPath!, "-noColor",
                .. classes.SelectMany(name => new[] { "-class", $"{typeof(OrdinaryUserTests).Namespace}.{name}" }),
            ])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        start.Environment["HOME"] = "/tmp";
        try
        {
            using var process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // Where it stands in a folder that only root can enter, it cannot even be found.
            Assert.SkipWhen(process.ExitCode is 126 or 127, "an ordinary user cannot reach the test program");
            Assert.True(process.ExitCode == 0, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("no setpriv on this host");
        }
    }
}
