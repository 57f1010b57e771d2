namespace Provenance.EndToEnd.Tests;

/// <summary>A script: commands, what they must do, and files. Its form is told in Scripts/README.md.</summary>
internal sealed record Script(IReadOnlyList<ScriptStep> Steps, IReadOnlyDictionary<string, string> Files)
{
    public static Script Parse(string text)
    {
        var steps = new List<ScriptStep>();
        var files = new Dictionary<string, string>();
        string? file = null;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("-- ", StringComparison.Ordinal) && line.EndsWith(" --", StringComparison.Ordinal))
                files[file = line[3..^3]] = "";
            else if (file is not null)
                files[file] += line + "\n";
            else if (line.StartsWith("$ ", StringComparison.Ordinal))
                steps.Add(new ScriptStep(line[2..], []));
            else if (line.Length > 0 && line[0] != '#')
                steps[^1].Expectations.Add(line);
        }

        return new Script(steps, files);
    }
}
