using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>Changes to a job's environment, made on what it has already.</summary>
internal sealed class EnvironmentEdits(IReadOnlyList<EnvironmentEntry> environment)
{
    private readonly Dictionary<string, string> _changed = new(StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<EnvironmentEntry> Changed =>
        [.. _changed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new EnvironmentEntry(pair.Key, pair.Value))];

    /// <summary>Null when it is not set.</summary>
    public string? Value(string name) =>
        _changed.TryGetValue(name, out string? changed) ? changed : environment.LastOrDefault(entry => entry.Name == name)?.Value;

    /// <summary>Of a list of folders those that are not ours from an earlier time.</summary>
    public IReadOnlyList<string> Folders(string name) =>
    [
        .. (Value(name) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => folder is not (InjectionPlanner.LibraryFolder or InjectionPlanner.ProgramFolder)),
    ];

    public void Set(EnvironmentEntry entry) => _changed[entry.Name] = entry.Value;

    /// <summary>What the user said goes before.</summary>
    public void SetDefault(EnvironmentEntry entry)
    {
        if (Value(entry.Name) is null)
        {
            Set(entry);
        }
    }

    public void Prepend(string name, string folder) => _changed[name] = string.Join(':', [folder, .. Folders(name).Where(other => other != folder)]);

    public void Append(string name, string folder) => _changed[name] = string.Join(':', [.. Folders(name).Where(other => other != folder), folder]);
}
