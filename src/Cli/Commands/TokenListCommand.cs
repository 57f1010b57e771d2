using System.CommandLine;
using System.Globalization;
using Provenance.Archive.Access;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov token list</c>.</summary>
internal sealed class TokenListCommand : CliCommand
{
    private readonly Option<bool> _json = SharedOptions.Json();

    public TokenListCommand()
        : base("list", "list the tokens, without their texts")
    {
        Aliases.Add("ls");
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples => [new("prov token list", "whose they are, what they allow, and when they were used")];

    public override int Execute(CommandCall call)
    {
        var tokens = new TokenStore(call.Workbench.Layout, call.Workbench.Time).List();
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(tokens.Select(TokenSummary.Of).ToArray(), CliJson.Default.TokenSummaryArray));
            return ExitCodes.Success;
        }

        var table = new TextTable("ID", "OWNER", "LABEL", "ALLOWS", "EXPIRES", "USED");
        foreach (var token in tokens)
        {
            table.Add(
                token.Id.ToString(CultureInfo.InvariantCulture),
                token.Owner,
                token.Label,
                TokenScopeNames.Of(token.Scopes) + (token.IsPrivate ? ", private" : ""),
                AccessWords.End(token.RevokedAt, token.ExpiresAt),
                token.UsedAt is { } used ? Readable.Time(used) : "never");
        }

        table.Print(call.Terminal);
        return ExitCodes.Success;
    }
}
