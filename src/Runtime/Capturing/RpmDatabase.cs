using System.Diagnostics;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Capturing;

/// <summary>rpm's, asked through rpm(8): its files on disk are of several kinds, and none of them is meant for others.</summary>
/// <param name="program"><c>/usr/bin/rpm</c>.</param>
/// <param name="options">Such as <c>--dbpath</c> of another root.</param>
internal sealed class RpmDatabase(string program, params IReadOnlyList<string> options) : IPackageDatabase
{
    /// <summary>Paths of one call: far below what execve(2) takes.</summary>
    private const int PathsPerCall = 256;

    private const string Format = "%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n";

    public OwnedFiles FindOwners(IReadOnlySet<string> paths, bool withFiles)
    {
        var owners = new HashSet<OwningPackage>();
        foreach (string[] some in paths.Order(StringComparer.Ordinal).Chunk(PathsPerCall))
        {
            // What no package owns is told in a sentence, without tabs.
            foreach (string line in Ask(["-qf", "--queryformat", Format, "--", .. some]))
            {
                if (line.Split('\t') is [var name, var version, var architecture])
                {
                    owners.Add(new OwningPackage { Name = name, Version = version, Architecture = architecture, Manager = "rpm" });
                }
            }
        }

        string[] names = [.. owners.Select(owner => owner.Name).Distinct()];
        return new OwnedFiles(
            [.. owners.OrderBy(owner => $"{owner.Name} {owner.Version} {owner.Architecture}", StringComparer.Ordinal)],
            withFiles ? [.. names.Chunk(PathsPerCall).SelectMany(some => Ask(["-ql", "--", .. some])).Where(line => line.StartsWith('/'))] : []);
    }

    private List<string> Ask(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        foreach (string argument in (string[])[.. options, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new RuntimeException($"'{program}': could not be started");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        return lines;
    }
}
