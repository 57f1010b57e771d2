using System.CommandLine;
using Provenance.Archive.Transparency;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log proof</c>.</summary>
internal sealed class LogProofCommand : CliCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "a record: the first digits of its id" };
    private readonly Option<bool> _newest = new("--newest") { Description = "under the newest checkpoint, although witnesses cosigned an older one" };
    private readonly Option<string> _output = SharedOptions.Single("--output", "-o", "FILE", "write it there [standard output]");

    public LogProofCommand()
        : base("proof", "print the proof that a record is in the log")
    {
        Arguments.Add(_id);
        Options.Add(_newest);
        Options.Add(_output);
    }

    public override string Remarks => """
        A C2SP tlog-proof: with the record, its signature and the log's verifier key it is checked by openssl alone
        (schema/verify-log-proof.sh). It is made under the checkpoint that witnesses cosigned first after the record came,
        or under the newest where none did.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("prov log proof 7f3a9c -o run.tlog-proof", "to be kept with the result, wherever that goes")];

    public override int Execute(CommandCall call)
    {
        var row = call.Workbench.Finder.Get(call.Value(_id)!);
        if (row.LogIndex is not { } index)
        {
            throw new LogException($"record '{row.Record.Abbreviated}': waits, and is not in the log yet");
        }

        byte[] proof = new LogProofs(call.Workbench.Layout, Files.SyncFolder).Make(index, call.Value(_newest)).ToBytes();
        if (call.Value(_output) is { } path)
        {
            OutputFile.Write(path, call.Terminal, output => output.Write(proof));
        }
        else
        {
            call.Terminal.Raw(proof);
        }

        return ExitCodes.Success;
    }
}
