using System.CommandLine;
using Provenance.Archive.Access;
using Provenance.Archive.Upkeep;

namespace Provenance.Cli.Commands;

/// <summary><c>prov access quota</c>.</summary>
internal sealed class AccessQuotaCommand : CliCommand
{
    private readonly Argument<string> _owner = new("OWNER") { Description = "whose tokens" };

    private readonly Argument<string> _size = new("SIZE|none")
    {
        Description = "how much they may keep here, such as 50G; left out, what it is and what they keep is told",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public AccessQuotaCommand()
        : base("quota", "limit how much somebody may send")
    {
        Arguments.Add(_owner);
        Arguments.Add(_size);
    }

    public override IReadOnlyList<Example> Examples => [new("prov access quota ada 50G", "Ada may keep 50 GB here")];

    public override int Execute(CommandCall call)
    {
        var pushed = new PushedManifests(call.Workbench.Layout, call.Workbench.Time);
        string owner = call.Value(_owner)!;
        if (call.Value(_size) is { } size)
        {
            pushed.SetQuota(owner, size == "none"
                ? null
                : ByteSize.Parse(size) ?? throw new UsageException($"'{size}' is no size such as 500M or 50G"));
        }

        string most = pushed.QuotaOf(owner) is { } quota ? $"of {Readable.Bytes(quota)}" : "without a limit";
        call.Terminal.Line($"{owner}: {Readable.Bytes(pushed.BytesOf(owner))} {most}");
        return ExitCodes.Success;
    }
}
