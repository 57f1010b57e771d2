using System.CommandLine;

namespace Provenance.Cli.Commands;

/// <summary>The agent in the background that <c>prov key agent</c> starts. Nobody types it.</summary>
internal sealed class InternalKeyAgentCommand : CliCommand
{
    public const string Text = "internal-key-agent";

    private readonly Option<int?> _timeout = new("--timeout") { Description = "seconds" };

    public InternalKeyAgentCommand()
        : base(Text, "hold keys for other processes")
    {
        Options.Add(_timeout);
        Hidden = true;
    }

    public override int Execute(CommandCall call) =>
        KeyAgentCommand.Serve(call, call.Value(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}
