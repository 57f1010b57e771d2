using System.CommandLine;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key list</c>.</summary>
internal sealed class KeyListCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public KeyListCommand()
        : base("list", "list the keys of the archive")
    {
        Aliases.Add("ls");
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples => [new("prov key list", "the keys, and which one signs")];

    public override int Execute(CommandCall call)
    {
        var keys = call.Workbench.Keys.List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(keys.ToArray(), CliJson.Default.StoredKeyArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("KEY", "NAME", "SINCE", "SIGNS");
        foreach (var key in keys)
        {
            table.Add(key.Signer.Fingerprint.Hex[..16], key.Signer.Name, Readable.Time(key.Signer.NotBefore), key.IsActive ? "yes" : "no");
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
