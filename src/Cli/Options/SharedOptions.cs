using System.CommandLine;

namespace Provenance.Cli.Options;

/// <summary>Options that mean the same in every command that has them.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json(string what = "print one JSON document") => new("--json") { Description = what };

    public static Option<bool> Quiet(string what = "say nothing but errors") => new("--quiet", "-q") { Description = what };

    public static Option<string[]> Repeatable(string name, string? alias, string value, string what)
    {
        Option<string[]> option = alias is null ? new(name) : new(name, alias);
        option.HelpName = value;
        option.Description = what;
        option.Arity = ArgumentArity.OneOrMore;
        option.AllowMultipleArgumentsPerToken = false;
        return option;
    }

    public static Option<string> Single(string name, string? alias, string value, string what)
    {
        Option<string> option = alias is null ? new(name) : new(name, alias);
        option.HelpName = value;
        option.Description = what;
        return option;
    }
}
