using System.Text.RegularExpressions;

namespace Provenance.EndToEnd.Tests;

/// <summary>One command of a script and what is expected of it.</summary>
internal sealed record ScriptStep(string Command, List<string> Expectations)
{
    public void Run(Workplace place)
    {
        var result = place.Shell(Command);
        int status = 0;
        foreach (string expectation in Expectations)
        {
            var (word, rest) = Split(expectation);
            switch (word)
            {
                case "exit":
                    status = int.Parse(rest);
                    break;
                case "set":
                    place.Variables[rest] = result.Output.Trim();
                    break;
                case "out":
                    Match(result.Output, rest, wanted: true, result);
                    break;
                case "err":
                    Match(result.Error, rest, wanted: true, result);
                    break;
                case "no-out":
                    Match(result.Output, rest, wanted: false, result);
                    break;
                case "no-err":
                    Match(result.Error, rest, wanted: false, result);
                    break;
                default:
                    Assert.Fail($"'{expectation}' is nothing that a script can expect");
                    break;
            }
        }

        Assert.True(result.Status == status, $"$ {Command}\nexpected status {status}\n{result}");
    }

    /// <summary>A single dash stands for nothing at all.</summary>
    private void Match(string text, string pattern, bool wanted, CommandResult result)
    {
        bool matches = pattern == "-" ? text.Length == 0 : Regex.IsMatch(text, pattern, RegexOptions.Multiline, TimeSpan.FromSeconds(10));
        Assert.True(matches == wanted, $"$ {Command}\n{(wanted ? "expected" : "did not expect")} '{pattern}'\n{result}");
    }

    private static (string Word, string Text) Split(string line)
    {
        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
    }
}
