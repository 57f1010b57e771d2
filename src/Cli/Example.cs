namespace Provenance.Cli;

/// <summary>A command line in the help, and what it does.</summary>
internal sealed record Example(string CommandLine, string Meaning);
