using Provenance.Runtime.Recording;

namespace Provenance.Cli.Commands;

/// <summary>The process that records beside a job. Nobody types it.</summary>
internal sealed class InternalRecorderCommand : CliCommand
{
    public InternalRecorderCommand()
        : base(RecorderCommandName.Text, "record a job that another process runs") => Hidden = true;

    public override int Execute(CommandCall call) => RecorderProcess.Run(call.Workbench.Time);
}
