using System.Diagnostics;
using Xunit;

namespace Provenance.Archive.Tests;

/// <summary>Programs of the host that a test checks us against.</summary>
internal static class Tool
{
    /// <summary>Skips the test when the program is not installed.</summary>
    public static void Require(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(folder => File.Exists(Path.Combine(folder, program))), $"{program} is not installed");
    }

    /// <summary>Runs it in a folder to its end.</summary>
    /// <returns>Its exit status, and what it wrote to both streams.</returns>
    public static (int Status, string Output) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
