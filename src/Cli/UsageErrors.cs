using System.CommandLine;
using System.CommandLine.Parsing;

namespace Provenance.Cli;

/// <summary>Says in one line what is wrong with a command line. The parser's own words name types and suggest odd things.</summary>
internal static class UsageErrors
{
    public static void ThrowIfAny(ParseResult parsed, IReadOnlyList<string>? job, CliCommand command)
    {
        if (job is not null && !command.TakesJob)
        {
            throw new UsageException($"'{PathOf(parsed.CommandResult)}' runs no command: nothing can follow '--'");
        }

        // The parser takes an option it does not know for an argument.
        if (FindOption(parsed) is { } unknown)
        {
            throw new UsageException(Unmatched(unknown, parsed, command));
        }

        if (parsed.UnmatchedTokens is [var token, ..])
        {
            throw new UsageException(Unmatched(token, parsed, command));
        }

        if (command is GroupCommand or RootCliCommand)
        {
            throw new UsageException($"'{PathOf(parsed.CommandResult)}' needs a command: "
                + string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)));
        }

        if (parsed.Errors is [var error, ..])
        {
            throw new UsageException(Describe(error, parsed));
        }
    }

    /// <summary>The words that name a command: <c>prov image list</c>.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

    /// <summary>The first argument that looks like an option. Every command line is looked at: loops, since queries take 50 µs to set up.</summary>
    private static string? FindOption(ParseResult parsed)
    {
        foreach (var result in parsed.CommandResult.Children)
        {
            foreach (var token in result is ArgumentResult ? result.Tokens : [])
            {
                if (IsOption(token.Value))
                {
                    return token.Value;
                }
            }
        }

        return parsed.UnmatchedTokens.FirstOrDefault(IsOption);
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    private static string Unmatched(string token, ParseResult parsed, CliCommand command)
    {
        string path = PathOf(parsed.CommandResult);
        if (IsOption(token))
        {
            string[] names = [.. OptionNames(parsed.CommandResult)];
            return names.Contains(token)
                ? $"option '{token}' must stand after '{path}'"
                : $"'{path}' has no option '{token}'" + DidYouMean(token, names);
        }

        if (command.Subcommands.Count > 0)
        {
            return $"'{path}' has no command '{token}'" + DidYouMean(token, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        }

        return command.TakesJob
            ? $"unexpected argument '{token}': the command to run stands after '--'"
            : $"unexpected argument '{token}'";
    }

    private static string Describe(ParseError error, ParseResult parsed) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option => $"option '{NameOf(option)}' needs a value",
        OptionResult { IdentifierTokenCount: > 1 } option => $"option '{NameOf(option)}' is given more than once",
        OptionResult option => $"option '{NameOf(option)}': '{option.Tokens[0].Value}' is not {Expected(option.Option.ValueType)}",
        ArgumentResult { Tokens.Count: 0 } argument => $"no {argument.Argument.HelpName ?? argument.Argument.Name} given",
        CommandResult when MissingArgument(parsed) is { } name => $"no {name} given",
        _ => error.Message.TrimEnd('.'),
    };

    private static string? MissingArgument(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments
            .FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is null or { Tokens.Count: 0 })?.Name;

    private static string NameOf(OptionResult option) => option.IdentifierToken?.Value ?? option.Option.Name;

    private static string Expected(Type type) => type == typeof(int) || type == typeof(int?) ? "a whole number" : "valid here";

    private static IEnumerable<string> OptionNames(CommandResult result) =>
        result.Command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name));

    private static string DidYouMean(string typed, IEnumerable<string> names) =>
        Similar.Closest(typed, names) is { } near ? $", did you mean '{near}'?" : "";
}
