using System.CommandLine;
using Provenance.Archive.Transparency;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log key</c>.</summary>
internal sealed class LogKeyCommand : CliCommand
{
    private readonly Option<bool> _encrypt = new("--encrypt")
    {
        Description = "encrypt the private key by the passphrase of the keys that sign records; it stays the same key",
    };

    public LogKeyCommand()
        : base("key", "print the log's verifier key: what others need to check its checkpoints") => Options.Add(_encrypt);

    public override string Remarks => """
        One line (C2SP signed-note: NAME+ID+KEY). Whoever has it in their archive's folder trust/, in a file that ends in
        .vkey, knows this log. The key itself is made with the first record and lies in keys/log/key.pem. Once it is
        encrypted, records wait in incoming/ until somebody who has the passphrase, or an agent, records or renews.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov log key > lab.vkey", "for whoever shall follow this archive's log"),
        new("prov log key --encrypt", "nobody signs the log without the passphrase any more; see prov key agent"),
    ];

    public override int Execute(CommandCall call)
    {
        var layout = call.Workbench.Layout;
        var key = (call.Value(_encrypt) ? new LogKeyStore(layout, Files.SyncFolder).Encrypt() : LogKeyStore.FindVerifier(layout))
            ?? throw new UsageException("the log has no key yet: the first record makes it");
        call.Terminal.Line(key.ToString());
        return ExitCodes.Success;
    }
}
