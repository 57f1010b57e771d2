using System.CommandLine;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key import</c>.</summary>
internal sealed class KeyImportCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "PKCS#12 (.p12, .pfx), or PEM with the private key, its certificate, and those between it and an authority",
    };

    private readonly Option<bool> _encrypt = new("--encrypt")
    {
        Description = "encrypt the key here; by the passphrase that opens the file, when that takes one",
    };

    private readonly Option<bool> _second = new("--second") { Description = "endorse with it whatever the other key signs" };

    public KeyImportCommand()
        : base("import", "sign with a key that was made elsewhere")
    {
        Arguments.Add(_file);
        Options.Add(_encrypt);
        Options.Add(_second);
    }

    public override string Remarks => """
        The key must be of ECDSA on P-256, P-384 or P-521, of RSA with 3072 bits at least, or of ML-DSA-65, and its certificate for
        signatures. A passphrase is read from the file that PROV_PASSPHRASE_FILE names, else it is asked for.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key import ada.p12 --encrypt", "the key that an institute's authority gave, as browsers and mail programs take it"),
        new("cat ada.key ada.pem > both.pem; prov key import both.pem", "key and certificate of openssl"),
    ];

    public override int Execute(CommandCall call)
    {
        string path = call.Value(_file)!;
        if (!File.Exists(path))
        {
            throw new UsageException($"'{path}': no such file");
        }

        bool second = call.Value(_second);
        using var key = call.Workbench.Keys.Import(path, call.Value(_encrypt), second);
        string does = second ? "endorses" : "signs";
        call.Terminal.Note($"key {key.Signer.Fingerprint.Hex[..16]} {does} from now on, for {key.Signer.Name}, certified by {key.Signer.Issuer}");
        return ExitCodes.Success;
    }
}
