using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key rotate</c>.</summary>
internal sealed class KeyRotateCommand : CliCommand
{
    private readonly Option<string?> _algorithm = new("--algorithm")
    {
        HelpName = "NAME",
        Description = "p256, p384, rsa3072 or ml-dsa-65 [p256; of a second key, ml-dsa-65]",
    };

    private readonly Option<bool> _encrypt = new("--encrypt") { Description = "encrypt the new key [when the old one is]" };
    private readonly Option<bool> _second = new("--second") { Description = "of the second key, which endorses" };

    public KeyRotateCommand()
        : base("rotate", "make a new key that follows the one that signs, for everybody who trusts that")
    {
        Options.Add(_algorithm);
        Options.Add(_encrypt);
        Options.Add(_second);
    }

    public override string Remarks => """
        The old key signs that the new one follows it, and the new one signs that too. The record of it travels in every bundle of
        what the new key signs, so that whoever trusts the old certificate trusts the new one, and is told why. Rotate before a
        key is lost: one that is withdrawn can name no successor, and 'prov key revoke' does not undo a rotation of before.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key rotate", "a new key now and then, or before somebody leaves the old one behind"),
        new("prov key rotate --algorithm p384 --encrypt", "a stronger one, protected by a passphrase"),
    ];

    public override int Execute(CommandCall call)
    {
        bool second = call.Value(_second);
        var algorithm = KeyInitCommand.AlgorithmOf(call.Value(_algorithm) ?? (second ? "ml-dsa-65" : "p256"));
        var workbench = call.Workbench;
        if (!workbench.Keys.HasKey)
        {
            throw new UsageException("there is no key yet that another could follow: see prov key init");
        }

        workbench.EnsureKey();
        using var lease = WriterLease.TryTake(workbench.Layout);
        bool encrypted = call.Value(_encrypt) || workbench.Keys.IsEncrypted(second);
        var rotator = new KeyRotator(workbench.Blobs, Files.SyncFolder, workbench.Time, Workbench.Recorder);
        var rotation = rotator.Rotate(algorithm, encrypted, second);
        foreach (string warning in rotation.Warnings)
        {
            call.Terminal.Warning(warning);
        }

        workbench.Sequence();
        string does = second ? "endorses" : "signs";
        call.Terminal.Note($"key {rotation.New.Fingerprint.Hex[..16]} of {rotation.New.Name} {does} from now on, after {rotation.Old.Fingerprint.Hex[..16]}");
        call.Terminal.Note("what the old key signed stays trusted");
        call.Terminal.Line(rotation.Rotation.Hex);
        return ExitCodes.Success;
    }
}
