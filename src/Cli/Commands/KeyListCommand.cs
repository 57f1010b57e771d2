using System.CommandLine;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key list</c>.</summary>
internal sealed class KeyListCommand : CliCommand
{
    private readonly Option<bool> _trusted = new("--trusted") { Description = "list the certificates of others that are trusted here" };
    private readonly Option<bool> _json = SharedOptions.Json();

    public KeyListCommand()
        : base("list", "list the keys of the archive")
    {
        Aliases.Add("ls");
        Options.Add(_trusted);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key list", "the keys, and which one signs"),
        new("prov key list --trusted", "whose records, and whose time stamps, are believed besides"),
    ];

    public override int Execute(CommandCall call)
    {
        if (call.Value(_trusted))
        {
            return ListTrusted(call);
        }

        var keys = call.Workbench.Keys.List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(keys.ToArray(), CliJson.Default.StoredKeyArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("KEY", "NAME", "ALGORITHM", "VALID FROM", "SIGNS");
        foreach (var key in keys)
        {
            string signs = key.IsActive ? "yes" : key.IsSecond ? "second" : "no";
            table.Add(key.Signer.Fingerprint.Hex[..16], key.Signer.Name, key.Algorithm, Readable.Time(key.Signer.NotBefore), signs);
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }

    private int ListTrusted(CommandCall call)
    {
        var trusted = new TrustStore(call.Workbench.Layout, Files.SyncFolder).List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(trusted.ToArray(), CliJson.Default.TrustedCertificateArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("CERTIFICATE", "NAME", "FOR", "UNTIL", "FILE");
        foreach (var one in trusted)
        {
            string use = one.Role switch
            {
                TrustRole.Authority => "whoever it vouches for",
                TrustRole.Time => "the time",
                _ => "records",
            };
            table.Add(one.Certificate.Fingerprint.Hex[..16], one.Certificate.Name, use, Readable.Time(one.Certificate.NotAfter), one.Path);
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
