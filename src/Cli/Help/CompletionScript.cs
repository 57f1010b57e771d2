using System.CommandLine;
using System.Text;

namespace Provenance.Cli.Help;

/// <summary>Makes completion scripts out of the commands themselves, so that they cannot be out of date.</summary>
/// <remarks>The scripts know all words by themselves; only names of images and ids of runs are asked of <c>prov</c>.</remarks>
internal static class CompletionScript
{
    public static string Bash(CliCommand root)
    {
        var script = new StringBuilder();
        script.Append("# bash completion for prov; made by 'prov completion bash'\n");
        script.Append(WordsFunction(root));
        script.Append("""
            _prov() {
                local cur=${COMP_WORDS[COMP_CWORD]} path=prov i word
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    [ "$word" = -- ] && { _command_offset $((i + 1)) 2>/dev/null; return; }
                    [ -n "$(_prov_words "$path $word")" ] && path="$path $word"
                done
                if [[ $cur == -* ]]; then
                    COMPREPLY=($(compgen -W "$(_prov_words "$path" | grep -e '^-')" -- "$cur"))
                else
                    COMPREPLY=($(compgen -W "$(_prov_words "$path" | grep -v -e '^-') $(_prov_names "$path")" -- "$cur"))
                    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
                fi
            }
            complete -o filenames -F _prov prov

            """);
        return script.ToString();
    }

    public static string Zsh(CliCommand root)
    {
        var script = new StringBuilder();
        script.Append("#compdef prov\n# zsh completion for prov; made by 'prov completion zsh'\n");
        script.Append(WordsFunction(root));
        script.Append("""
            _prov() {
                local path_words=prov word i
                for ((i = 2; i < CURRENT; i++)); do
                    word=${words[i]}
                    [[ $word == -- ]] && { shift $i words; ((CURRENT -= i)); _normal; return; }
                    [[ -n $(_prov_words "$path_words $word") ]] && path_words="$path_words $word"
                done
                compadd -- ${(f)"$(_prov_words "$path_words")"} ${(f)"$(_prov_names "$path_words")"}
                _files
            }
            if [ "$funcstack[1]" = _prov ]; then _prov "$@"; else compdef _prov prov; fi

            """);
        return script.ToString();
    }

    public static string Fish(CliCommand root)
    {
        var script = new StringBuilder();
        script.Append("# fish completion for prov; made by 'prov completion fish'\n");
        foreach (var (path, command) in Walk(root, "prov"))
        {
            string[] words = path.Split(' ')[1..];
            string condition = words.Length == 0
                ? "__fish_use_subcommand"
                : string.Join("; and ", words.Select(w => $"__fish_seen_subcommand_from {w}"));
            foreach (var sub in command.Subcommands.Where(c => !c.Hidden))
            {
                script.Append($"complete -c prov -n '{condition}' -f -a {sub.Name} -d '{FishText(sub.Description)}'\n");
            }

            foreach (var option in command.Options.Where(o => !o.Hidden))
            {
                script.Append($"complete -c prov -n '{condition}'{FishNames(option)}{(option.HelpName is null ? "" : " -r")}");
                script.Append($" -d '{FishText(option.Description)}'\n");
            }

            if (Lister(command) is { } lister)
            {
                script.Append($"complete -c prov -n '{condition}' -a '({lister} 2>/dev/null)'\n");
            }
        }

        return script.ToString();
    }

    /// <summary>Two shell functions: the words a command knows, and the names its argument may be.</summary>
    private static string WordsFunction(CliCommand root)
    {
        var words = new StringBuilder("_prov_words() {\n    case \"$1\" in\n");
        var names = new StringBuilder("_prov_names() {\n    case \"$1\" in\n");
        foreach (var (path, command) in Walk(root, "prov"))
        {
            var known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)
                .Concat(command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Append(o.Name)))
                .Append("--help").Distinct();
            words.Append($"    '{path}') printf '%s\\n' {string.Join(' ', known)} ;;\n");
            if (Lister(command) is { } lister)
            {
                names.Append($"    '{path}') {lister} 2>/dev/null ;;\n");
            }
        }

        return words.Append("    esac\n}\n").ToString() + names.Append("    esac\n}\n");
    }

    /// <summary>The command that lists what the first argument may be.</summary>
    private static string? Lister(CliCommand command) => command.Arguments.FirstOrDefault()?.Name switch
    {
        "IMAGE" => "prov image list -q",
        "ID" => "prov log -q",
        _ => null,
    };

    private static IEnumerable<(string Path, CliCommand Command)> Walk(CliCommand command, string path) =>
        command.Subcommands.OfType<CliCommand>().Where(c => !c.Hidden)
            .SelectMany(c => Walk(c, $"{path} {c.Name}"))
            .Prepend((path, command));

    private static string FishNames(Option option) => string.Concat(
        option.Aliases.Append(option.Name).Select(n => n.StartsWith("--", StringComparison.Ordinal) ? $" -l {n[2..]}" : $" -s {n[1..]}"));

    private static string FishText(string? text) => (text ?? "").Replace("\\", "\\\\").Replace("'", "\\'");
}
