using System.CommandLine;
using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>One call of a command: what was typed, and what it may use.</summary>
/// <param name="Parsed">The words before <c>--</c>.</param>
/// <param name="Job">The words after <c>--</c>; null when there was none.</param>
internal sealed record CommandCall(ParseResult Parsed, IReadOnlyList<string>? Job, Terminal Terminal, Workbench Workbench)
{
    /// <summary>The caller's archive, where <see cref="Workbench"/> is of a bundle that is only looked into; else null.</summary>
    public StoreLayout? Beside { get; init; }

    public T? Value<T>(Option<T> option) => Parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Parsed.GetValue(argument);

    /// <summary>Every value a repeatable option was given, in order.</summary>
    public IReadOnlyList<string> Values(Option<string[]> option) => Parsed.GetValue(option) ?? [];
}
