using System.CommandLine;
using System.Globalization;

namespace Provenance.Cli.Options;

/// <summary><c>--probe[=SECONDS]</c>: whether, and for how long at most, a job is tried under qemu.</summary>
internal sealed class ProbeOption
{
    private const int Usual = 60, Most = 86_400;

    /// <param name="whose">The CPU as which it is tried.</param>
    public ProbeOption(string whose)
    {
        Option = new Option<string>("--probe")
        {
            HelpName = "SECONDS",
            Description = $"when there is a warning about instructions, try the job first under qemu as {whose}, without network and in a folder "
                + $"that is thrown away, for so long at most [{Usual}]",
            Arity = ArgumentArity.ZeroOrOne,
        };
    }

    public Option<string> Option { get; }

    /// <returns>Null when it was not asked for.</returns>
    public TimeSpan? Read(CommandCall call)
    {
        if (call.Parsed.GetResult(Option) is not { Implicit: false })
        {
            return null;
        }

        string? text = call.Value(Option);
        return text is null
            ? TimeSpan.FromSeconds(Usual)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= Most
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"option '{Option.Name}': '{text}' is no number of seconds from 1 to {Most}");
    }
}
