using System.CommandLine;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key init</c>.</summary>
internal sealed class KeyInitCommand : CliCommand
{
    private const int MaxNameLength = 64;

    private readonly Option<string> _name = SharedOptions.Single(
        "--name", null, "NAME", "whom the key belongs to [your full name as this machine knows it, else login@host]");

    private readonly Option<bool> _another = new("--another") { Description = "make one although there is one; what the old one signed stays trusted" };

    public KeyInitCommand()
        : base("init", "make the key that signs your records")
    {
        Options.Add(_name);
        Options.Add(_another);
    }

    public override string Remarks => """
        The key is made at first use as well. It is an ECDSA P-256 key with a certificate that names you; who trusts the
        certificate trusts your records.
        """;

    public override IReadOnlyList<Example> Examples => [new("prov key init --name 'Ada Lovelace'", "before the first record, to have your own name in it")];

    public override int Execute(CommandCall call)
    {
        string name = call.Value(_name) ?? KeyOwner.OfCaller();
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw new UsageException($"option '--name': a name has 1 to {MaxNameLength} characters");
        }

        if (call.Workbench.Keys.HasKey && !call.Value(_another))
        {
            throw new UsageException("there is a key already, see prov key list; --another makes one more");
        }

        call.Workbench.MakeKey(name);
        return ExitCodes.Success;
    }
}
