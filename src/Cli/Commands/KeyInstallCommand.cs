using System.CommandLine;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key install</c>.</summary>
internal sealed class KeyInstallCommand : CliCommand
{
    private readonly Argument<string> _certificate = new("CERTIFICATE")
    {
        Description = "PEM: the certificate that an authority gave, and after it those between it and the authority, if there are any",
    };

    public KeyInstallCommand()
        : base("install", "take the certificate that an authority has issued, and sign with it from now on")
    {
        Arguments.Add(_certificate);
    }

    public override IReadOnlyList<Example> Examples =>
        [new("prov key install ada.pem", "new records carry this certificate; what was signed before stays as it is")];

    public override int Execute(CommandCall call)
    {
        string path = call.Value(_certificate)!;
        if (!File.Exists(path))
        {
            throw new UsageException($"'{path}': no such file");
        }

        using var key = call.Workbench.Keys.Install(path);
        bool second = call.Workbench.Keys.List().Any(stored => stored.IsSecond && stored.Signer.Fingerprint == key.Signer.Fingerprint);
        string does = second ? "endorses" : "signs";
        call.Terminal.Note($"key {key.Signer.Fingerprint.Hex[..16]} {does} from now on, for {key.Signer.Name}, certified by {key.Signer.Issuer}");
        return ExitCodes.Success;
    }
}
