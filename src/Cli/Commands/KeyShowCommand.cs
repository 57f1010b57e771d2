using System.CommandLine;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key show</c>.</summary>
internal sealed class KeyShowCommand : CliCommand
{
    private readonly Argument<string?> _key = new("KEY")
    {
        Description = "the first digits of a key [the one that signs]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _pem = new("--pem") { Description = "print the certificate, to be given to others" };

    private readonly Option<bool> _json = SharedOptions.Json();

    public KeyShowCommand()
        : base("show", "show a key's certificate: what others need to trust your records")
    {
        Arguments.Add(_key);
        Options.Add(_pem);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key show", "whom the key names, its fingerprint, where its files are"),
        new("prov key show --pem > ada.pem", "the certificate; with it openssl alone verifies a record"),
    ];

    public override int Execute(CommandCall call)
    {
        var key = Choose(call);
        if (call.Value(_pem))
        {
            call.Terminal.Raw(File.ReadAllText(key.CertificatePath));
            return ExitCodes.Success;
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(key, CliJson.Default.StoredKey));
            return ExitCodes.Success;
        }

        var page = new PageWriter(call.Terminal);
        page.Heading($"key {key.Signer.Fingerprint.Hex[..16]}");
        page.Field("name", key.Signer.Name);
        page.Field("e-mail", key.Signer.Email);
        page.Field("ORCID iD", key.Signer.Orcid is { } orcid ? Orcid.AddressOf(orcid) : null);
        page.Field("subject", key.Signer.Subject);
        page.Field("issuer", key.Signer.Issuer == key.Signer.Subject ? "itself" : key.Signer.Issuer);
        page.Field("fingerprint", key.Signer.Fingerprint.ToString());
        page.Field("valid from", Readable.Time(key.Signer.NotBefore));
        page.Field("algorithm", key.Algorithm);
        page.Field("signs", key.IsActive ? "new records" : key.IsSecond ? "endorsements of new records" : "nothing new");
        page.Field("certificate", key.CertificatePath);
        page.Field("key", key.KeyPath);
        return ExitCodes.Success;
    }

    private StoredKey Choose(CommandCall call)
    {
        var keys = call.Workbench.Keys.List();
        if (call.Value(_key) is not { } prefix)
        {
            return keys.FirstOrDefault(k => k.IsActive) ?? throw new UsageException("there is no key yet; prov key init makes one");
        }

        return KeyChoice.Of(keys, prefix);
    }
}
