using System.Text;
using System.Text.Unicode;

namespace Provenance.Cli;

/// <summary>Words and variables that are no UTF-8, which .NET has made into others: neither a record nor a job must get those.</summary>
/// <remarks>Source: proc_pid_cmdline(5), proc_pid_environ(5).</remarks>
internal static class ByteWords
{
    /// <exception cref="UsageException">One is not UTF-8.</exception>
    public static void Check(IEnumerable<string> arguments)
    {
        if (arguments.Any(IsDoubtful) && Odd("/proc/self/cmdline").FirstOrDefault() is { } word)
        {
            throw new UsageException($"'{word}' is not UTF-8, and no record could hold it; give the file another name, or the value another form");
        }
    }

    /// <summary>Names of the caller's variables of which the value is not UTF-8.</summary>
    public static IReadOnlyList<string> OddVariables(IEnumerable<KeyValuePair<string, string>> environment) =>
        environment.Any(variable => IsDoubtful(variable.Key) || IsDoubtful(variable.Value))
            ? [.. Odd("/proc/self/environ").Select(word => word.Split('=')[0])]
            : [];

    /// <summary>Where bytes were no character, this one stands; it may have been there, too.</summary>
    private static bool IsDoubtful(string text) => text.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>As Latin-1.</summary>
    private static IEnumerable<string> Odd(string list)
    {
        string words = Encoding.Latin1.GetString(File.ReadAllBytes(list));
        return words.Split('\0').Where(word => !Utf8.IsValid(Encoding.Latin1.GetBytes(word)));
    }
}
