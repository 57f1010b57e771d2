using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Transparency;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log cosign</c>.</summary>
internal sealed class LogCosignCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "a checkpoint of this log that a witness has cosigned, or only the line that the witness answered with",
    };

    public LogCosignCommand()
        : base("cosign", "take in what a witness has signed of this archive's log") => Arguments.Add(_file);

    public override string Remarks => """
        Known are the witnesses whose verifier keys are in the folder trust/, in files that end in .vkey. What others signed
        is left out. The checkpoint stays in log/cosigned/, and the records that it is the first to hold get new proofs.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("prov log cosign cosigned.note", "after 'prov log audit LOG --witness-key FILE' on the witness's machine")];

    public override int Execute(CommandCall call)
    {
        string path = call.Value(_file)!;
        using var file = File.OpenRead(path);
        if (file.Length > SignedNote.MaxBytes)
        {
            throw new UsageException($"'{path}' has {file.Length} bytes, at most {SignedNote.MaxBytes} are read");
        }

        byte[] given = new byte[file.Length];
        file.ReadExactly(given);
        var (checkpoint, signatures) = new CheckpointCosigner(call.Workbench.Layout, Files.SyncFolder).Take(given);
        foreach (var by in signatures.Cosignatures)
        {
            call.Terminal.Note($"the log of {checkpoint.Tree.Size} entries is cosigned by {by.Witness.Name} on {Readable.Time(by.Time)}");
        }

        // Whoever recorded while we held the lock has left it to us.
        new RecordIntake(call.Workbench.Blobs, Files.SyncFolder).SequenceIncoming();
        return ExitCodes.Success;
    }
}
