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

    /// <summary>Of this process, now.</summary>
    public static JobSurroundings Current() => new()
    {
        Caller = Caller.Current(),
        CurrentFolder = Environment.CurrentDirectory,
        Terminal = Descriptors.IsTerminal(Descriptors.Standard(0)) || Descriptors.IsTerminal(Descriptors.Standard(1))
            ? Environment.GetEnvironmentVariable("TERM")
            : null,
    };
}
