using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key revoke</c>.</summary>
internal sealed class KeyRevokeCommand : CliCommand
{
    private static readonly Dictionary<string, X509RevocationReason> Reasons = new(StringComparer.Ordinal)
    {
        ["unspecified"] = X509RevocationReason.Unspecified,
        ["compromised"] = X509RevocationReason.KeyCompromise,
        ["left"] = X509RevocationReason.AffiliationChanged,
        ["superseded"] = X509RevocationReason.Superseded,
    };

    private readonly Argument<string?> _certificate = new("CERTIFICATE|KEY")
    {
        Description = "a certificate (PEM) that the authority of this archive has issued; or the first digits of a key of this archive, or of a "
            + "certificate that is trusted here",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly SinceOption _since = new("--since", "nothing counts that it signed from then on [now]");

    private readonly Option<string?> _reason = new("--reason")
    {
        HelpName = "REASON",
        Description = $"{string.Join(", ", Reasons.Keys)} [unspecified]",
    };

    private readonly Option<bool> _list = new("--list") { Description = "withdraw nothing: sign the list of this archive's authority anew, for 90 days more" };

    public KeyRevokeCommand()
        : base("revoke", "withdraw a certificate: for all who trust this archive's authority, or a key for this archive")
    {
        Arguments.Add(_certificate);
        Options.Add(_since.Option);
        Options.Add(_reason);
        Options.Add(_list);
    }

    public override string Remarks => """
        Of a certificate that the authority has issued: it is put on the authority's list, which is signed anew. Whoever has the list beside the authority's
        certificate in their folder trust/ refuses what was signed from now on, and what has no proven time; what a time
        stamp shows to be older stays good. With --since the list says from when on the key was in other hands (invalidityDate, RFC 5280).
        Of a key: the same rule, for this archive alone, in its trust/withdrawn.toml; a key of this archive signs no more.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key revoke ada.pem --reason left", "Ada signs for this laboratory no more"),
        new("prov key revoke --list", "a fresh list, for those whose policy requires one"),
        new("prov key revoke 4f2a --since 2026-11-20 --reason compromised", "the notebook with this key was stolen"),
    ];

    public override int Execute(CommandCall call)
    {
        string name = call.Value(_reason) ?? "unspecified";
        if (!Reasons.TryGetValue(name, out var reason))
        {
            throw new UsageException($"option '--reason': is '{name}', expected {string.Join(", ", Reasons.Keys)}");
        }

        if (call.Value(_list))
        {
            return PublishList(call);
        }

        string what = call.Value(_certificate) ?? throw new UsageException("CERTIFICATE|KEY is missing: what is withdrawn");
        if (!File.Exists(what))
        {
            return WithdrawHere(call, what, name);
        }

        using var authority = CertificateAuthority.Open(call.Workbench.Layout, Files.SyncFolder, call.Workbench.Time);
        var from = authority.Revoke(what, reason, _since.Read(call));
        call.Terminal.Line($"withdrawn from {from:u} on; give {authority.ListPath} to whoever trusts {authority.CertificatePath}");
        return ExitCodes.Success;
    }

    private int PublishList(CommandCall call)
    {
        if (call.Value(_certificate) is not null || call.Value(_reason) is not null || _since.Read(call) is not null)
        {
            throw new UsageException("option '--list': withdraws nothing, and takes neither a certificate nor --since or --reason");
        }

        using var authority = CertificateAuthority.Open(call.Workbench.Layout, Files.SyncFolder, call.Workbench.Time);
        var until = authority.PublishList();
        call.Terminal.Line($"holds until {until:u}; give {authority.ListPath} to whoever trusts {authority.CertificatePath}");
        return ExitCodes.Success;
    }

    private int WithdrawHere(CommandCall call, string prefix, string reason)
    {
        var layout = call.Workbench.Layout;
        var own = call.Workbench.Keys.List();
        var trusted = new TrustStore(layout, Files.SyncFolder).List().Select(one => one.Certificate);
        var signer = KeyChoice.Of(
            own.Select(key => key.Signer).Concat(trusted),
            prefix,
            $"'{prefix}': no such file, no key of this archive, and no certificate that is trusted here");
        var from = _since.Read(call) ?? call.Workbench.Time.GetUtcNow();
        WithdrawnCertificates.Add(layout, signer.Fingerprint, from, reason == "unspecified" ? null : reason, Files.SyncFolder);
        call.Terminal.Line($"{signer.Name}, certificate {signer.Fingerprint}, is not trusted here for what it signed from {from:u} on");
        if (own.FirstOrDefault(key => key.Signer.Fingerprint == signer.Fingerprint) is { } key)
        {
            bool signed = call.Workbench.Keys.Retire(key);
            call.Terminal.Line(signed ? "it signs no more; prov key init --another makes another key" : "it signed nothing new before");
            call.Terminal.Line($"tell those who trust it: prov key revoke {signer.Fingerprint.Hex[..16]} --since {from.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        }

        return ExitCodes.Success;
    }
}
