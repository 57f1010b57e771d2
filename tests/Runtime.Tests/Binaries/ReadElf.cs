using System.Diagnostics;
using System.Text.RegularExpressions;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>What binutils' readelf says of a file: the second opinion on our reader.</summary>
internal sealed partial class ReadElf
{
    private readonly string _text;

    private ReadElf(string text) => _text = text;

    internal string? Interpreter => First(InterpreterPattern());

    internal string? Soname => First(SonamePattern());

    internal string? Rpath => First(RpathPattern());

    internal string? Runpath => First(RunpathPattern());

    internal string? BuildId => First(BuildIdPattern());

    internal string? MinimumKernel => First(KernelPattern());

    internal IEnumerable<string> Needed => NeededPattern().Matches(_text).Select(m => m.Groups[1].Value);

    internal IEnumerable<ElfVersionNeed> VersionsNeeded
    {
        get
        {
            string library = "";
            foreach (Match match in VersionNeedPattern().Matches(Section("Version needs section")))
            {
                if (match.Groups["file"].Success)
                {
                    library = match.Groups["file"].Value;
                }
                else
                {
                    yield return new(library, match.Groups["name"].Value);
                }
            }
        }
    }

    internal IEnumerable<string> VersionsDefined => VersionDefinitionPattern()
        .Matches(Section("Version definition section"))
        .Where(m => !m.Groups["flags"].Value.Contains("BASE", StringComparison.Ordinal))
        .Select(m => m.Groups["name"].Value);

    internal static ReadElf Run(string path)
    {
        var start = new ProcessStartInfo("readelf", ["-W", "-l", "-d", "-n", "-V", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new(process.StandardOutput.ReadToEnd());
    }

    /// <summary>From a heading to the next empty line.</summary>
    private string Section(string heading)
    {
        int start = _text.IndexOf(heading, StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        int end = _text.IndexOf("\n\n", start, StringComparison.Ordinal);
        return end < 0 ? _text[start..] : _text[start..end];
    }

    private string? First(Regex pattern) => pattern.Match(_text) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\[Requesting program interpreter: (.*)\]")]
    private static partial Regex InterpreterPattern();

    [GeneratedRegex(@"\(SONAME\)\s+Library soname: \[(.*)\]")]
    private static partial Regex SonamePattern();

    [GeneratedRegex(@"\(RPATH\)\s+Library rpath: \[(.*)\]")]
    private static partial Regex RpathPattern();

    [GeneratedRegex(@"\(RUNPATH\)\s+Library runpath: \[(.*)\]")]
    private static partial Regex RunpathPattern();

    [GeneratedRegex(@"\(NEEDED\)\s+Shared library: \[(.*)\]")]
    private static partial Regex NeededPattern();

    [GeneratedRegex(@"Build ID: ([0-9a-f]+)")]
    private static partial Regex BuildIdPattern();

    [GeneratedRegex(@"OS: Linux, ABI: ([0-9.]+)")]
    private static partial Regex KernelPattern();

    [GeneratedRegex(@"Version: \d+  File: (?<file>\S+)|Name: (?<name>\S+)  Flags")]
    private static partial Regex VersionNeedPattern();

    [GeneratedRegex(@"Rev: \d+  Flags: (?<flags>.*?)\s+Index: \d+  Cnt: \d+  Name: (?<name>\S+)")]
    private static partial Regex VersionDefinitionPattern();
}
