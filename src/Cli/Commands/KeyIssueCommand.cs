using System.CommandLine;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key issue</c>.</summary>
internal sealed class KeyIssueCommand : CliCommand
{
    private const int DefaultDays = 730;
    private const int MaxDays = 20 * 365;
    private const int MaxRequestBytes = 1 << 16;

    private readonly Argument<string> _request = new("REQUEST") { Description = "what 'prov key request' printed, or openssl req" };

    private readonly Option<int> _days = new("--days")
    {
        HelpName = "DAYS",
        Description = $"how long the certificate is good, 1 to {MaxDays}",
        DefaultValueFactory = _ => DefaultDays,
    };

    public KeyIssueCommand()
        : base("issue", "certify somebody's key with the authority of this archive: print the certificate")
    {
        Arguments.Add(_request);
        Options.Add(_days);
    }

    public override string Remarks => """
        Make sure first that the request is of the person it names: whoever trusts the authority will trust their records. The
        authority is made by 'prov key init --ca'.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("prov key issue ada.csr --days 365 > ada.pem", "a certificate for a year; Ada puts it in with 'prov key install ada.pem'")];

    public override int Execute(CommandCall call)
    {
        int days = call.Value(_days);
        if (days is < 1 or > MaxDays)
        {
            throw new UsageException($"option '--days': is {days}, expected 1 to {MaxDays}");
        }

        string path = call.Value(_request)!;
        if (new FileInfo(path) is { Exists: true, Length: > MaxRequestBytes } large)
        {
            throw new UsageException($"'{path}' has {large.Length} bytes, at most {MaxRequestBytes} are read");
        }

        using var authority = CertificateAuthority.Open(call.Workbench.Layout, Files.SyncFolder, call.Workbench.Time);
        call.Terminal.Raw(authority.Issue(File.ReadAllText(path), TimeSpan.FromDays(days)));
        return ExitCodes.Success;
    }
}
