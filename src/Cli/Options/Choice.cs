using System.CommandLine;

namespace Provenance.Cli.Options;

/// <summary>An option that takes one of a few words.</summary>
internal sealed class Choice<T>(string name, string what, params (string Word, T Meaning)[] choices)
    where T : struct
{
    public Option<string> Option { get; } = SharedOptions.Single(
        name, null, string.Join('|', choices.Select(c => c.Word)), $"{what} [{choices[0].Word}]");

    /// <returns>The first choice when the option is not given.</returns>
    public T Read(CommandCall call)
    {
        if (call.Value(Option) is not { } word)
        {
            return choices[0].Meaning;
        }

        foreach (var choice in choices)
        {
            if (choice.Word == word)
            {
                return choice.Meaning;
            }
        }

        throw new UsageException($"option '{name}': '{word}' is none of {string.Join(", ", choices.Select(c => c.Word))}");
    }
}
