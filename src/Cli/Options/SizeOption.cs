using System.CommandLine;
using Provenance.Archive.Upkeep;

namespace Provenance.Cli.Options;

/// <summary>A number of bytes as people give it: <c>500M</c>, <c>20GiB</c>.</summary>
internal sealed class SizeOption(string name, string what)
{
    public Option<string> Option { get; } = SharedOptions.Single(name, null, "SIZE", what);

    public long? Read(CommandCall call) => call.Value(Option) is not { } text ? null : ByteSize.Parse(text)
        ?? throw new UsageException($"option '{name}': '{text}' is no size such as 500M, 20G or 20GiB");
}
