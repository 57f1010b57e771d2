using System.CommandLine;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Options;

/// <summary><c>--tmpfs DST[:size=N]</c>.</summary>
internal sealed class TmpfsOption
{
    public Option<string[]> Option { get; } = SharedOptions.Repeatable(
        "--tmpfs", null, "DST[:size=N[k|m|g]]", "put an empty folder in memory there");

    public IReadOnlyList<TmpfsMount> Read(CommandCall call) => [.. call.Values(Option).Select(Parse)];

    internal static TmpfsMount Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 2 || !Path.IsPathRooted(parts[0]))
        {
            throw new UsageException($"option '--tmpfs': '{text}' is not an absolute path with, at most, ':size=N' behind it");
        }

        return new TmpfsMount(parts[0], parts.Length == 2 ? SizeBytes(parts[1], text) : null);
    }

    private static long SizeBytes(string option, string text)
    {
        const string Prefix = "size=";
        string number = option.StartsWith(Prefix, StringComparison.Ordinal) ? option[Prefix.Length..] : "";
        int shift = number.Length > 0 ? char.ToLowerInvariant(number[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 } : 0;
        return long.TryParse(shift > 0 ? number[..^1] : number, out long size) && size > 0 && size <= long.MaxValue >> shift
            ? size << shift
            : throw new UsageException($"option '--tmpfs': '{text}' has no size of the form size=N[k|m|g]");
    }
}
