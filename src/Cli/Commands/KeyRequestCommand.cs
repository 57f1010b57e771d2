using System.CommandLine;
using Provenance.Archive.Trust;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key request</c>.</summary>
internal sealed class KeyRequestCommand : CliCommand
{
    private readonly Option<bool> _second = new("--second") { Description = "of the second key, which endorses" };

    public KeyRequestCommand()
        : base("request", "ask a laboratory's authority to certify the key that signs: print a PKCS#10 request")
    {
        Options.Add(_second);
    }

    public override string Remarks => """
        Give the request to whoever keeps the authority, by 'prov key issue' or openssl; put the certificate that comes back
        in with 'prov key install'. Until then the key signs with the certificate it has.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov key request > ada.csr", "the request, for 'prov key issue ada.csr' or 'openssl ca'")];

    public override int Execute(CommandCall call)
    {
        call.Workbench.EnsureKey();
        bool second = call.Value(_second);
        var keys = call.Workbench.Keys;
        using var key = (second ? keys.FindSecond() : keys.Find())
            ?? throw new TrustException(call.Workbench.Layout.Keys, second ? "has no second key" : "has no key that signs");
        call.Terminal.Raw(key.RequestPem());
        return ExitCodes.Success;
    }
}
