using System.CommandLine;
using Provenance.Archive.Transparency;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log rotate-key</c>.</summary>
internal sealed class LogRotateKeyCommand : CliCommand
{
    private readonly Option<bool> _encrypt = new("--encrypt") { Description = "encrypt the new key [when the old one is]" };

    public LogRotateKeyCommand()
        : base("rotate-key", "make a new key that follows the one that signs the log, for everybody who follows the log") => Options.Add(_encrypt);

    public override string Remarks => """
        Both keys sign the rotation, which lies beside the log, and the checkpoint. Whoever follows the log by the old key takes the new
        one at the next audit, and is told. Prints the new verifier key, for those who keep it in a file of theirs. The old private key
        is gone afterwards. What it signed stays good.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov log rotate-key --encrypt > lab.vkey", "a new key for the log, protected by the passphrase")];

    public override int Execute(CommandCall call)
    {
        var layout = call.Workbench.Layout;
        call.Workbench.Sequence(); // what waits is the old key's still
        bool encrypted = call.Value(_encrypt) || new LogKeyStore(layout, Files.SyncFolder).IsEncrypted;
        var rotation = new TransparencyLog(layout, Files.SyncFolder).RotateKey(encrypted);
        call.Terminal.Note($"log key {rotation.New.Id:x8} signs from now on, after {rotation.Old.Id:x8}, at {rotation.Checkpoint.Tree.Size} entries");
        call.Terminal.Line(rotation.New.ToString());
        return ExitCodes.Success;
    }
}
