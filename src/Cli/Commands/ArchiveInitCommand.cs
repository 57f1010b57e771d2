namespace Provenance.Cli.Commands;

/// <summary><c>prov archive init</c>.</summary>
internal sealed class ArchiveInitCommand() : CliCommand("init", "make an empty archive; the first use of prov does it as well")
{
    public override IReadOnlyList<Example> Examples =>
        [new("PROV_ARCHIVE=/srv/prov prov archive init", "make one for a group, in a folder all of them may write")];

    public override int Execute(CommandCall call)
    {
        call.Workbench.Images.Initialize();
        call.Terminal.Note($"the archive is '{call.Workbench.Layout.Root}'");
        return ExitCodes.Success;
    }
}
