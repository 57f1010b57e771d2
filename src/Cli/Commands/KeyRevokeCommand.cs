using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Trust;
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

    private readonly Argument<string> _certificate = new("CERTIFICATE") { Description = "a certificate (PEM) that the authority of this archive has issued" };

    private readonly Option<string?> _reason = new("--reason")
    {
        HelpName = "REASON",
        Description = $"{string.Join(", ", Reasons.Keys)} [unspecified]",
    };

    public KeyRevokeCommand()
        : base("revoke", "withdraw a certificate that the authority of this archive has issued")
    {
        Arguments.Add(_certificate);
        Options.Add(_reason);
    }

    public override string Remarks => """
        The certificate is put on the authority's list, which is signed anew. Whoever has the list beside the authority's
        certificate in their folder trust/ refuses what was signed from now on, and what has no proven time; what a time
        stamp shows to be older stays good.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov key revoke ada.pem --reason left", "Ada signs for this laboratory no more")];

    public override int Execute(CommandCall call)
    {
        string name = call.Value(_reason) ?? "unspecified";
        if (!Reasons.TryGetValue(name, out var reason))
        {
            throw new UsageException($"option '--reason': is '{name}', expected {string.Join(", ", Reasons.Keys)}");
        }

        using var authority = CertificateAuthority.Open(call.Workbench.Layout, Files.SyncFolder, call.Workbench.Time);
        var when = authority.Revoke(call.Value(_certificate)!, reason);
        call.Terminal.Line($"withdrawn at {when:u}; give {authority.ListPath} to whoever trusts {authority.CertificatePath}");
        return ExitCodes.Success;
    }
}
