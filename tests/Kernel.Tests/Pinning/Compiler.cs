using System.Diagnostics;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>Runs a program of this host, such as a compiler.</summary>
internal static class Compiler
{
    /// <returns>Its exit status, null when this host has no such program, and what it said on standard error, else on standard output.</returns>
    public static (int? Status, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            string said = errors.GetAwaiter().GetResult();
            return (process.ExitCode, process.ExitCode == 0 ? output : said);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "");
        }
    }
}
