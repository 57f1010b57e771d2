using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>A job's environment in the words of a record, and back.</summary>
public static class RecordedEnvironment
{
    /// <summary>In order of name; what looks secret is a digest.</summary>
    public static IReadOnlyList<EnvironmentVariable> Of(IReadOnlyList<EnvironmentEntry> entries) =>
    [
        .. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => SecretNames.Describe(entry.Name, entry.Value)),
    ];

    /// <summary>The environment of a replay: as recorded, and secrets from whoever has the same value now.</summary>
    /// <param name="recorded">From the record.</param>
    /// <param name="offered">Values by name, the first that fits is taken.</param>
    /// <param name="missing">Names of secrets that nobody offered, or only with another value.</param>
    public static IReadOnlyList<EnvironmentEntry> Restore(
        IReadOnlyList<EnvironmentVariable> recorded, IEnumerable<EnvironmentEntry> offered, out IReadOnlyList<string> missing)
    {
        var candidates = offered.ToLookup(entry => entry.Name, StringComparer.Ordinal);
        var restored = new List<EnvironmentEntry>();
        var unknown = new List<string>();
        foreach (var variable in recorded)
        {
            string? value = variable.Value
                ?? candidates[variable.Name].Select(entry => entry.Value).FirstOrDefault(text => IsSame(variable, text));
            if (value is null)
            {
                unknown.Add(variable.Name);
            }
            else
            {
                restored.Add(new EnvironmentEntry(variable.Name, value));
            }
        }

        missing = unknown;
        return restored;
    }

    private static bool IsSame(EnvironmentVariable secret, string value) =>
        SecretNames.Describe(secret.Name, value) == secret;
}
