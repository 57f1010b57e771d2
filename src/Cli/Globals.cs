using System.CommandLine;

namespace Provenance.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class Globals
{
    public Option<bool> Help { get; } = new("--help", "-h") { Description = "show this help", Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Description = "show the version of prov" };
}
