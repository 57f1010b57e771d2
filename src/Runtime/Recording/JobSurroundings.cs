using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>What of the caller's own situation a plan depends on.</summary>
public sealed record JobSurroundings
{
    public required Caller Caller { get; init; }

    /// <summary>Absolute path on the host.</summary>
    public required string CurrentFolder { get; init; }

    /// <summary>The caller's TERM, when standard input or output is a terminal; null otherwise.</summary>
    public string? Terminal { get; init; }

    /// <summary>The caller's own, which a job on the host's own files gets.</summary>
    public IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    /// <summary>Of this process, now.</summary>
    /// <param name="withEnvironment">Whether a job may get the caller's environment.</param>
    public static JobSurroundings Current(bool withEnvironment = false) => new()
    {
        Caller = Caller.Current(),
        Environment = withEnvironment ? ReadEnvironment() : [],
        CurrentFolder = System.Environment.CurrentDirectory,
        Terminal = Descriptors.IsTerminal(Descriptors.Standard(0)) || Descriptors.IsTerminal(Descriptors.Standard(1))
            ? System.Environment.GetEnvironmentVariable("TERM")
            : null,
    };

    /// <summary>In order of name, as a replay will give it: where a job's environment lies in memory depends on it.</summary>
    private static EnvironmentEntry[] ReadEnvironment() =>
    [
        .. System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => new EnvironmentEntry((string)variable.Key, (string?)variable.Value ?? ""))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];
}
