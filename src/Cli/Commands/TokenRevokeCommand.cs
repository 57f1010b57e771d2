using System.CommandLine;
using Provenance.Archive.Access;

namespace Provenance.Cli.Commands;

/// <summary><c>prov token revoke</c>.</summary>
internal sealed class TokenRevokeCommand : CliCommand
{
    private readonly Argument<string[]> _ids = new("ID") { Description = "as 'prov token list' has it", Arity = ArgumentArity.OneOrMore };

    public TokenRevokeCommand()
        : base("revoke", "end a token at once")
    {
        Arguments.Add(_ids);
    }

    public override IReadOnlyList<Example> Examples => [new("prov token revoke 3", "the notebook with it was stolen")];

    public override int Execute(CommandCall call)
    {
        var tokens = new TokenStore(call.Workbench.Layout, call.Workbench.Time);
        foreach (string id in call.Value(_ids)!)
        {
            if (!tokens.Revoke(AccessWords.ReadId(id)))
            {
                throw new UsageException($"token '{id}': there is none; see prov token list");
            }

            call.Terminal.Note($"revoked token {id}");
        }

        return ExitCodes.Success;
    }
}
