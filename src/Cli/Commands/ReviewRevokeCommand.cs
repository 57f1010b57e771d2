using System.CommandLine;
using Provenance.Archive.Access;

namespace Provenance.Cli.Commands;

/// <summary><c>prov review revoke</c>.</summary>
internal sealed class ReviewRevokeCommand : CliCommand
{
    private readonly Argument<string[]> _ids = new("ID") { Description = "as 'prov review list' has it", Arity = ArgumentArity.OneOrMore };

    public ReviewRevokeCommand()
        : base("revoke", "end a link for reviewers at once")
    {
        Arguments.Add(_ids);
    }

    public override IReadOnlyList<Example> Examples => [new("prov review revoke 1", "the paper is accepted")];

    public override int Execute(CommandCall call)
    {
        var links = new ReviewLinks(call.Workbench.Layout, call.Workbench.Time);
        foreach (string id in call.Value(_ids)!)
        {
            if (!links.Revoke(AccessWords.ReadId(id)))
            {
                throw new UsageException($"link '{id}': there is none; see prov review list");
            }

            call.Terminal.Note($"revoked link {id}");
        }

        return ExitCodes.Success;
    }
}
