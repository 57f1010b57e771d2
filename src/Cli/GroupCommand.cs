namespace Provenance.Cli;

/// <summary>A command that only has commands below it, such as <c>prov image</c>.</summary>
internal sealed class GroupCommand : CliCommand
{
    public GroupCommand(string name, string description, params CliCommand[] commands)
        : base(name, description)
    {
        foreach (var command in commands)
        {
            Subcommands.Add(command);
        }
    }

    /// <summary>The first of each command below.</summary>
    public override IReadOnlyList<Example> Examples =>
        [.. Subcommands.OfType<CliCommand>().Where(c => c is { Hidden: false, Examples.Count: > 0 }).Select(c => c.Examples[0])];

    public override int Execute(CommandCall call) =>
        throw new UsageException($"'{Name}' needs a command");
}
