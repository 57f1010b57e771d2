using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key trust</c>.</summary>
internal sealed class KeyTrustCommand : CliCommand
{
    private readonly Argument<string> _who = new("FILE|ID")
    {
        Description = "a certificate (PEM), of a person, of a certification authority or of a time stamping one; or a record, whose signer is meant",
    };

    private readonly Option<bool> _time = new("--tsa") { Description = "trust it for the time it says, and not for records" };

    public KeyTrustCommand()
        : base("trust", "trust the records of somebody else from now on")
    {
        Arguments.Add(_who);
        Options.Add(_time);
    }

    public override string Remarks => """
        Who has a certificate of a person trusts that one; who has one of a certification authority trusts whoever it vouches
        for. The certificate of a record came with the record: before you trust it, compare its fingerprint with one that you
        got another way, such as from the person's page or by telephone.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key trust ada.pem", "what 'prov key show --pem' of Ada printed"),
        new("prov key trust 7f3a9c", "whoever signed this record: trust on first use"),
        new("prov key trust --tsa tsa-root.pem", "believe the time stamps of this authority"),
    ];

    public override int Execute(CommandCall call)
    {
        string who = call.Value(_who)!;
        var store = new TrustStore(call.Workbench.Layout, Files.SyncFolder);
        if (File.Exists(who))
        {
            foreach (var trusted in store.AddFile(who, call.Value(_time)))
            {
                Tell(call.Terminal, trusted);
            }

            return ExitCodes.Success;
        }

        if (call.Value(_time))
        {
            throw new UsageException($"'{who}': no such file; --tsa takes the certificate of a time stamping authority");
        }

        Tell(call.Terminal, SignerOf(call.Workbench, store, who));
        call.Terminal.Warning("the certificate came with the record itself, and nobody vouched for it: trust on first use");
        return ExitCodes.Success;
    }

    private static TrustedCertificate SignerOf(Workbench workbench, TrustStore store, string id)
    {
        var row = workbench.Finder.Find(id) ?? throw new RecordNotFoundException(id);
        return store.AddSigner(
            workbench.Blobs.Read(row.Record, CanonicalJson.MaxBytes), workbench.Blobs.Read(row.Signature, CmsVerifier.MaxSignatureBytes));
    }

    private static void Tell(Terminal terminal, TrustedCertificate trusted)
    {
        string what = trusted.Role switch
        {
            TrustRole.Authority => "and whoever it vouches for",
            TrustRole.Time => "for the time it says",
            _ => "and what it signs",
        };
        string since = trusted.WasThere ? "was trusted before" : "is trusted from now on";
        terminal.Line($"{trusted.Certificate.Name} {since}, {what}");
        terminal.Line($"  certificate {trusted.Certificate.Fingerprint}");
        terminal.Line($"  taken back by: rm {trusted.Path}");
    }
}
