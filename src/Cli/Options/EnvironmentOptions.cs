using System.Collections;
using System.CommandLine;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Options;

/// <summary><c>-e, --env</c> and <c>--env-file</c>: the only ways for the caller's environment into the job's.</summary>
internal sealed class EnvironmentOptions(string what)
{
    public Option<string[]> Variables { get; } = SharedOptions.Repeatable("--env", "-e", "NAME[=VALUE]", what);

    public Option<string[]> Files { get; } = SharedOptions.Repeatable(
        "--env-file", null, "FILE", "read variables from a file, one a line; --env wins over it");

    /// <summary>In the order in which the later wins.</summary>
    public IReadOnlyList<EnvironmentEntry> Read(CommandCall call)
    {
        var files = call.Values(Files);
        var variables = call.Values(Variables);
        if (files.Count + variables.Count == 0)
        {
            return [];
        }

        var host = HostEnvironment();
        try
        {
            EnvironmentEntry[] read =
            [
                .. files.SelectMany(file => JobEnvironment.ParseFile(File.ReadAllText(file), host)),
                .. variables.SelectMany(variable => JobEnvironment.Parse(variable, host)),
            ];
            return ByteWords.OddVariables(host).FirstOrDefault(name => read.Any(entry => entry.Name == name && entry.Value == host[name])) is { } odd
                ? throw new UsageException($"variable '{odd}': its value is not UTF-8, and no record could hold it")
                : read;
        }
        catch (SandboxException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static Dictionary<string, string> HostEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
}
