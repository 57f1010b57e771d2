using System.CommandLine;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key use</c>.</summary>
internal sealed class KeyUseCommand : CliCommand
{
    private readonly Argument<string?> _key = new("KEY") { Description = "the first digits of a key", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<bool> _second = new("--second") { Description = "endorse with it whatever the other key signs" };

    private readonly Option<bool> _noSecond = new("--no-second") { Description = "let no key endorse" };

    public KeyUseCommand()
        : base("use", "choose the key that signs, or the second one")
    {
        Arguments.Add(_key);
        Options.Add(_second);
        Options.Add(_noSecond);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key use 4f2a", "sign with this key of prov key list from now on"),
        new("prov key use 9c01 --second", "and put a second signature, by this one, under every record"),
    ];

    public override int Execute(CommandCall call)
    {
        string? prefix = call.Value(_key);
        bool drops = call.Value(_noSecond);
        if ((prefix is null) != drops || (drops && call.Value(_second)))
        {
            throw new UsageException(drops ? "--no-second takes no key and no --second" : "no KEY given: see prov key list");
        }

        if (drops)
        {
            call.Terminal.Note(call.Workbench.Keys.DropSecond() ? "no key endorses from now on" : "no key endorsed");
            return ExitCodes.Success;
        }

        var key = KeyChoice.Of(call.Workbench.Keys.List(), prefix!);
        bool second = call.Value(_second);
        call.Workbench.Keys.Use(key, second);
        call.Terminal.Note($"key {key.Signer.Fingerprint.Hex[..16]} of {key.Signer.Name} {(second ? "endorses" : "signs")} from now on ({key.Algorithm})");
        return ExitCodes.Success;
    }
}
