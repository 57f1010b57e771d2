using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov token create</c>.</summary>
internal sealed class TokenCreateCommand : CliCommand
{
    private readonly Argument<string> _owner = new("OWNER") { Description = "whose it is: what is sent with it is theirs" };
    private readonly Option<string> _label = SharedOptions.Single("--label", null, "TEXT", "what it is for, for lists [the owner]");
    private readonly Option<string> _scope = SharedOptions.Single("--scope", null, "SCOPES", "of read, push, admin, with commas between [read,push]");
    private readonly UntilOption _expires = new("--expires", "it is not valid from then on: 2027-06-30, or in 12h, 30d, 8w [never]");

    private readonly Option<bool> _private = new("--private")
    {
        Description = "what is sent with it is read by its owner alone, unless it says otherwise",
    };

    public TokenCreateCommand()
        : base("create", "make a token, by which somebody may write to this archive over the web")
    {
        Arguments.Add(_owner);
        foreach (Option option in (Option[])[_label, _scope, _private, _expires.Option])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        The token is printed once and kept nowhere: the archive has its digest. read: to read what is restricted to its
        owner. push: to send records and images. admin: to read and remove everything. Clients of registries take it as
        the password beside any name; others send it as 'Authorization: Bearer TOKEN'.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov token create ada > ada.token", "Ada may send records, and reads what she keeps to herself"),
        new("prov token create ci --scope push --private --expires 30d", "for a machine, for a month"),
    ];

    public override int Execute(CommandCall call)
    {
        string owner = call.Value(_owner)!;
        string scopes = call.Value(_scope) ?? "read,push";
        string text = new TokenStore(call.Workbench.Layout, call.Workbench.Time).Create(
            owner,
            call.Value(_label) ?? owner,
            TokenScopeNames.Find(scopes) ?? throw new UsageException($"option '--scope': is '{scopes}', expected some of read, push, admin"),
            call.Value(_private),
            _expires.Read(call));
        call.Terminal.Note("this is shown once:");
        call.Terminal.Line(text);
        return ExitCodes.Success;
    }
}
