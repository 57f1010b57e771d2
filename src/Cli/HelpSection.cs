namespace Provenance.Cli;

/// <summary>Commands that stand together in the help of <c>prov</c>.</summary>
internal sealed record HelpSection(string Title, IReadOnlyList<CliCommand> Commands);
