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

    public override int Execute(CommandCall call) =>
        throw new UsageException($"'{UsageErrors.PathOf(call.Parsed.CommandResult)}' needs a command: "
            + string.Join(", ", Subcommands.Where(c => !c.Hidden).Select(c => c.Name)));
}
