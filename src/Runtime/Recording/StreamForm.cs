using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>What the job's standard output and error were: a replay gives it the same.</summary>
internal sealed record StreamForm
{
    /// <summary>Whether the job saw a terminal on standard output.</summary>
    public bool StdoutTerminal { get; init; }

    public bool StderrTerminal { get; init; }

    /// <summary>Of that terminal, for a replay; null for the size that our own has, or none.</summary>
    public TerminalSize? StdoutSize { get; init; }

    public TerminalSize? StderrSize { get; init; }

    /// <summary>Whether both were one open file: one channel carries both, in the order they were written.</summary>
    public bool Shared { get; init; }
}
