using System.CommandLine;
using Provenance.Cli.Help;

namespace Provenance.Cli.Commands;

/// <summary><c>prov completion</c>: a script that teaches a shell our words.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish" };

    public CompletionCommand()
        : base("completion", "print a completion script for a shell")
    {
        Arguments.Add(_shell);
    }

    public override bool NeedsOpenSsl => false;

    public override IReadOnlyList<Example> Examples =>
    [
        new("source <(prov completion bash)", "complete commands, options, images and runs in this shell"),
        new("prov completion fish > ~/.config/fish/completions/prov.fish", "for good, in fish"),
    ];

    public override int Execute(CommandCall call)
    {
        var root = CommandTree.Build(out _);
        string shell = call.Value(_shell)!;
        call.Terminal.Raw(shell switch
        {
            "bash" => CompletionScript.Bash(root),
            "zsh" => CompletionScript.Zsh(root),
            "fish" => CompletionScript.Fish(root),
            _ => throw new UsageException($"no completion for '{shell}': it is bash, zsh or fish"),
        });
        return ExitCodes.Success;
    }
}
