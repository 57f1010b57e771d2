using System.CommandLine;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key init</c>.</summary>
internal sealed class KeyInitCommand : CliCommand
{
    private const int MaxNameLength = 64;

    private readonly Option<string> _name = SharedOptions.Single(
        "--name", null, "NAME", "whom the key belongs to [your full name as this machine knows it, else login@host]");

    private readonly Option<string> _email = SharedOptions.Single("--email", null, "ADDRESS", "your address of mail, to stand in the certificate");

    private readonly Option<string> _orcid = SharedOptions.Single("--orcid", null, "ID", "your ORCID iD, to stand in the certificate: 0000-0002-1825-0097");

    private readonly Option<bool> _another = new("--another") { Description = "make one although there is one; what the old one signed stays trusted" };

    private readonly Option<string?> _algorithm = new("--algorithm")
    {
        HelpName = "NAME",
        Description = "p256, p384, rsa3072 or ml-dsa-65 [p256; of a second key, ml-dsa-65]",
    };

    private readonly Option<bool> _encrypt = new("--encrypt")
    {
        Description = "encrypt the key by the passphrase in the file that PROV_PASSPHRASE_FILE names, which signing needs then as well",
    };

    private readonly Option<bool> _second = new("--second")
    {
        Description = "make a second key beside the one that signs: it endorses whatever that signs, by an algorithm of another kind",
    };

    private readonly Option<bool> _authority = new("--ca") { Description = "make a laboratory's certification authority, which certifies the keys of others" };

    private readonly Option<bool> _json = SharedOptions.Json();

    public KeyInitCommand()
        : base("init", "make the key that signs your records")
    {
        Options.Add(_name);
        Options.Add(_email);
        Options.Add(_orcid);
        Options.Add(_another);
        Options.Add(_algorithm);
        Options.Add(_encrypt);
        Options.Add(_second);
        Options.Add(_authority);
        Options.Add(_json);
    }

    public override string Remarks => """
        The key is made at first use as well. It is an ECDSA P-256 key with a certificate that names you; who trusts the
        certificate trusts your records. All that is in the certificate is in every record that you sign, for all to read;
        nobody but who trusts the certificate has checked that a name, an ORCID iD or an address is yours. An authority
        (--ca) signs no records: 'prov key issue' certifies with it.
        A second key is of ML-DSA (FIPS 204): should ECDSA fall one day, the second signature still stands. Verifying it takes this
        program or OpenSSL 3.5.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key init --name 'Ada Lovelace'", "before the first record, to have your own name in it"),
        new("prov key init --name 'Josiah Carberry' --orcid 0000-0002-1825-0097", "whoever cites your runs tells you from others of your name"),
        new("prov key init --second", "a post-quantum signature under every record, beside the usual one"),
        new("prov key init --ca --name 'Institute of Optics'", "an authority for a laboratory; keep this archive where others cannot reach it"),
    ];

    public override int Execute(CommandCall call)
    {
        string name = call.Value(_name) ?? KeyOwner.OfCaller();
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw new UsageException($"option '--name': a name has 1 to {MaxNameLength} characters");
        }

        var contacts = ContactsOf(call);
        if (call.Value(_authority))
        {
            if (contacts != SignerContacts.None)
            {
                throw new UsageException($"option '{(contacts.Orcid is null ? _email : _orcid).Name}': is of a person's key, not of an authority's");
            }

            return MakeAuthority(call, name);
        }

        bool second = call.Value(_second);
        var algorithm = AlgorithmOf(call.Value(_algorithm) ?? (second ? "ml-dsa-65" : "p256"));
        if (second)
        {
            return MakeSecond(call, name, algorithm, contacts);
        }

        if (call.Workbench.Keys.HasKey && !call.Value(_another))
        {
            throw new UsageException("there is a key already, see prov key list; --another makes one more");
        }

        return Print(call, call.Workbench.MakeKey(name, algorithm, call.Value(_encrypt), contacts: contacts));
    }

    /// <summary>Under the name of the key that signs: one person has both.</summary>
    private int MakeSecond(CommandCall call, string name, KeyAlgorithm algorithm, SignerContacts contacts)
    {
        var keys = call.Workbench.Keys.List();
        if (keys.Any(key => key.IsSecond) && !call.Value(_another))
        {
            throw new UsageException("there is a second key already, see prov key list; --another makes one more");
        }

        var first = keys.FirstOrDefault(key => key.IsActive)?.Signer;
        var both = new SignerContacts(contacts.Email ?? first?.Email, contacts.Orcid ?? first?.Orcid);
        return Print(call, call.Workbench.MakeKey(call.Value(_name) ?? first?.Name ?? name, algorithm, call.Value(_encrypt), second: true, both));
    }

    private SignerContacts ContactsOf(CommandCall call)
    {
        string? email = call.Value(_email);
        if (email is not null && (email.Length == 0 || !SignerContacts.IsEmail(email)))
        {
            throw new UsageException($"option '{_email.Name}': '{email}' is no address of mail, expected NAME@HOST in ASCII");
        }

        string? orcid = null;
        if (call.Value(_orcid) is { } text && !Orcid.TryParse(text, out orcid))
        {
            throw new UsageException($"option '{_orcid.Name}': '{text}' is no ORCID iD, expected four times four digits of which the last checks the others");
        }

        return new SignerContacts(email, orcid);
    }

    /// <param name="made">Its fingerprint.</param>
    private int Print(CommandCall call, Digest made)
    {
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(call.Workbench.Keys.List().Single(key => key.Signer.Fingerprint == made), CliJson.Default.StoredKey));
        }

        return ExitCodes.Success;
    }

    /// <exception cref="UsageException">It is none.</exception>
    internal static KeyAlgorithm AlgorithmOf(string name) => name switch
    {
        "p256" => KeyAlgorithm.P256,
        "p384" => KeyAlgorithm.P384,
        "rsa3072" => KeyAlgorithm.Rsa3072,
        "ml-dsa-65" => KeyAlgorithm.MlDsa65,
        _ => throw new UsageException($"option '--algorithm': is '{name}', expected p256, p384, rsa3072 or ml-dsa-65"),
    };

    private int MakeAuthority(CommandCall call, string name)
    {
        using var authority = CertificateAuthority.Create(call.Workbench.Layout, name, Files.SyncFolder, call.Workbench.Time, call.Value(_encrypt));
        call.Terminal.Note($"made certification authority {authority.Certificate.Name}, good until {Readable.Time(authority.Certificate.NotAfter)}");
        call.Terminal.Note($"certificate {authority.Certificate.Fingerprint}");
        call.Terminal.Note($"others trust it by: prov key trust {authority.CertificatePath}");
        call.Terminal.Note($"and put beside it the list of what it has withdrawn, nothing yet: {authority.ListPath}");
        if (call.Value(_json))
        {
            var certificate = new TrustedCertificate
            {
                Certificate = authority.Certificate,
                Role = TrustRole.Authority,
                Path = authority.CertificatePath,
            };
            call.Terminal.Raw(JsonText.Of(certificate, CliJson.Default.TrustedCertificate));
        }

        return ExitCodes.Success;
    }
}
