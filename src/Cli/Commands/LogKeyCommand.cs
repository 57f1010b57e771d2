using Provenance.Archive.Transparency;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log key</c>.</summary>
internal sealed class LogKeyCommand() : CliCommand("key", "print the log's verifier key: what others need to check its checkpoints")
{
    public override string Remarks => """
        One line (C2SP signed-note: NAME+ID+KEY). Whoever has it in their archive's folder trust/, in a file that ends in
        .vkey, knows this log. The key itself is made with the first record and lies in keys/log/key.pem.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov log key > lab.vkey", "for whoever shall follow this archive's log")];

    public override int Execute(CommandCall call)
    {
        var key = LogKeyStore.FindVerifier(call.Workbench.Layout)
            ?? throw new UsageException("the log has no key yet: the first record makes it");
        call.Terminal.Line(key.ToString());
        return ExitCodes.Success;
    }
}
