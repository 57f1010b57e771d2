using System.CommandLine;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Options;

/// <summary><c>-v, --bind SRC[:DST[:ro|rw]]</c>, as podman and apptainer users know it.</summary>
internal sealed class BindOption(string what)
{
    public Option<string[]> Option { get; } = New(what);

    public IReadOnlyList<BindMount> Read(CommandCall call) => [.. call.Values(Option).Select(Parse)];

    /// <summary>A source alone is shown at its own path. A path with a colon in it cannot be written this way.</summary>
    internal static BindMount Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 3 || parts[0].Length == 0)
        {
            throw new UsageException($"option '--bind': '{text}' is not SRC[:DST[:ro|rw]]");
        }

        string source = Path.GetFullPath(parts[0]);
        bool onlyMode = parts.Length == 2 && parts[1] is "ro" or "rw";
        string destination = parts.Length > 1 && !onlyMode && parts[1].Length > 0 ? parts[1] : source;
        if (!Path.IsPathRooted(destination))
        {
            throw new UsageException($"option '--bind': destination '{destination}' is not an absolute path");
        }

        string mode = onlyMode ? parts[1] : parts.ElementAtOrDefault(2) ?? "rw";
        return mode switch
        {
            "rw" => new BindMount(source, destination),
            "ro" => new BindMount(source, destination, ReadOnly: true),
            _ => throw new UsageException($"option '--bind': mode '{mode}' is neither ro nor rw"),
        };
    }

    private static Option<string[]> New(string what)
    {
        var option = SharedOptions.Repeatable("--bind", "-v", "SRC[:DST[:ro|rw]]", what);
        option.Aliases.Add("--volume");
        return option;
    }
}
