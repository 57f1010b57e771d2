using System.CommandLine;
using System.Text;

namespace Provenance.Cli.Help;

/// <summary>Writes the help of a command: the same bytes on every terminal, so that it can be a golden file.</summary>
internal static class HelpPage
{
    private const int WidthColumns = 100;
    private const int TextColumn = 30;

    /// <param name="path">The words that name the command: <c>prov image list</c>.</param>
    public static string Of(CliCommand command, string path, Globals globals)
    {
        var page = new StringBuilder();
        page.Append(Sentence(command.Description ?? "")).Append("\n\n");
        page.Append("Usage: ").Append(Usage(command, path)).Append('\n');
        Arguments(page, command);
        Commands(page, command);
        Options(page, command, globals);
        if (command.Remarks is { } remarks)
        {
            page.Append('\n').Append(remarks.TrimEnd('\n')).Append('\n');
        }

        Examples(page, command);
        return page.ToString();
    }

    /// <summary>The name of an option with its value: <c>-e, --env NAME[=VALUE]</c>.</summary>
    internal static string Signature(Option option)
    {
        string names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(n => n.Length).ThenBy(n => n, StringComparer.Ordinal));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static string Usage(CliCommand command, string path)
    {
        var words = new List<string> { path };
        if (command.Subcommands.Count > 0)
        {
            words.Add(command is GroupCommand or RootCliCommand ? "COMMAND" : "[COMMAND]");
        }

        if (command.Options.Any(o => !o.Hidden))
        {
            words.Add("[OPTIONS]");
        }

        words.AddRange(command.Arguments.Where(a => !a.Hidden).Select(UsageOf));
        if (command.JobUsage is { } job)
        {
            words.Add(job);
        }

        return string.Join(' ', words);
    }

    private static string UsageOf(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static void Arguments(StringBuilder page, CliCommand command) =>
        Section(page, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (a.Name, a.Description ?? "")));

    private static void Commands(StringBuilder page, CliCommand command)
    {
        if (command is RootCliCommand root)
        {
            foreach (var section in root.Sections)
            {
                Section(page, section.Title, section.Commands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
            }

            return;
        }

        Section(page, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
    }

    private static void Options(StringBuilder page, CliCommand command, Globals globals)
    {
        IEnumerable<Option> options = command.Options.Where(o => !o.Hidden);
        if (!options.Contains(globals.Help))
        {
            options = options.Append(globals.Help);
        }

        Section(page, "Options", options.Select(o => (Signature(o), o.Description ?? "")));
    }

    private static void Section(StringBuilder page, string title, IEnumerable<(string Name, string Text)> rows)
    {
        if (!rows.Any())
        {
            return;
        }

        page.Append('\n').Append(title).Append(":\n");
        foreach (var (name, text) in rows)
        {
            Row(page, name, text);
        }
    }

    private static void Row(StringBuilder page, string name, string text)
    {
        string left = "  " + name;
        // Two blanks at least between a name and its text: longer names have a line of their own.
        bool ownLine = left.Length > TextColumn - 2;
        page.Append(left);
        string indent = new(' ', TextColumn);
        page.Append(ownLine ? "\n" + indent : indent[left.Length..]);
        page.AppendJoin("\n" + indent, Wrap(text, WidthColumns - TextColumn)).Append('\n');
    }

    private static void Examples(StringBuilder page, CliCommand command)
    {
        if (command.Examples.Count == 0)
        {
            return;
        }

        page.Append("\nExamples:\n");
        foreach (var example in command.Examples)
        {
            page.Append("  ").Append(example.CommandLine).Append('\n');
            page.Append("      ").AppendJoin("\n      ", Wrap(example.Meaning, WidthColumns - 6)).Append('\n');
        }
    }

    internal static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    private static string Sentence(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
}
