using System.CommandLine;
using Provenance.Archive.Records;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Host;

namespace Provenance.Cli.Commands;

/// <summary><c>prov host</c>.</summary>
internal sealed class HostCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json("print the profile as 'prov check --host' reads it");

    public HostCommand()
        : base("host", "show this machine as records describe it")
    {
        Options.Add(_json);
    }

    public override bool NeedsOpenSsl => false;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov host", "processor, memory, kernel, GPUs, scheduler"),
        new("prov host --json > node.json", "a profile with which 'prov check --host node.json' answers on another machine"),
    ];

    public override int Execute(CommandCall call)
    {
        var profile = HostProbe.Read();
        if (call.Value(_json))
        {
            call.Terminal.Raw(HostProfileJson.Serialize(profile));
        }
        else
        {
            HostPage.Print(profile, call.Terminal);
        }

        return ExitCodes.Success;
    }
}
