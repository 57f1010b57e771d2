namespace Provenance.Runtime.Sandbox;

/// <summary>Composes the environment of a job: the image's and what was asked for, nothing of the host's own.</summary>
/// <remarks>
/// Source: podman-run(1), "Environment": image ENV, then --env-file, then --env; the last one wins. A record has the variables in order of name, and
/// so has the job from the start: one that prints them is reproduced.
/// </remarks>
public static class JobEnvironment
{
    /// <summary>Where an image that says nothing has its programs; the same as podman's.</summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const string Whitespace = " \t";

    /// <summary>In order of name.</summary>
    /// <param name="terminal">The caller's TERM when the job has the terminal; null otherwise.</param>
    /// <param name="given">From --env-file and then --env, see <see cref="Parse"/>.</param>
    /// <param name="home">What --home says; null for the image's.</param>
    public static IReadOnlyList<EnvironmentEntry> Compose(
        ImageDefaults image, ContainerUser user, string? terminal, IReadOnlyList<EnvironmentEntry> given, string? home = null)
    {
        var result = new List<EnvironmentEntry>();
        Set(result, new("PATH", DefaultPath));
        // The convention by which programs, systemd's among them, know that they are in a container.
        Set(result, new("container", "prov"));
        Set(result, new("HOME", user.Home));
        if (!string.IsNullOrEmpty(terminal))
            Set(result, new("TERM", terminal));
        foreach (string line in image.Env)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                Set(result, new(line[..equals], line[(equals + 1)..]));
        }
        // It was mounted to be the job's home: an image's own HOME does not know of it.
        if (home is not null)
            Set(result, new("HOME", home));
        foreach (var entry in given)
            Set(result, entry);
        return InOrder(result);
    }

    /// <summary>The environment with these in the place of those of the same name, in order of name.</summary>
    internal static IReadOnlyList<EnvironmentEntry> With(IReadOnlyList<EnvironmentEntry> environment, IReadOnlyList<EnvironmentEntry> variables) =>
        InOrder([.. environment.Where(entry => variables.All(variable => variable.Name != entry.Name)), .. variables]);

    /// <summary>As a record has them: in order of name.</summary>
    private static IReadOnlyList<EnvironmentEntry> InOrder(IEnumerable<EnvironmentEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Reads what --env takes: <c>NAME=value</c>; <c>NAME</c> for the host's value, nothing when the host has none;
    /// <c>NAME*</c> for all of the host's whose name begins so.
    /// </summary>
    /// <param name="host">The caller's own environment.</param>
    /// <exception cref="SandboxException">The text has no name, or white space in it.</exception>
    public static IEnumerable<EnvironmentEntry> Parse(string text, IReadOnlyDictionary<string, string> host)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = (equals < 0 ? text : text[..equals]).TrimStart(Whitespace.ToCharArray());
        if (name.Length == 0 || name.AsSpan().ContainsAny(Whitespace))
            throw new SandboxException($"environment variable '{text}': expected NAME=value or NAME");
        if (equals >= 0)
            return [new(name, text[(equals + 1)..])];
        if (name.EndsWith('*'))
            return host.Where(pair => pair.Key.StartsWith(name[..^1], StringComparison.Ordinal))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new EnvironmentEntry(pair.Key, pair.Value));
        return host.TryGetValue(name, out string? value) ? [new(name, value)] : [];
    }

    /// <summary>
    /// Reads an --env-file: one variable a line as <see cref="Parse"/> takes it, quotes kept as they are, empty lines
    /// and those that begin with # passed over.
    /// </summary>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public static IReadOnlyList<EnvironmentEntry> ParseFile(string content, IReadOnlyDictionary<string, string> host) =>
    [
        .. content.TrimStart('\uFEFF').Split('\n')
            .Select(line => line.TrimEnd('\r').TrimStart(Whitespace.ToCharArray()))
            .Where(line => line.Length > 0 && line[0] != '#')
            .SelectMany(line => Parse(line, host)),
    ];

    private static void Set(List<EnvironmentEntry> result, EnvironmentEntry entry)
    {
        int at = result.FindIndex(other => other.Name == entry.Name);
        if (at < 0)
            result.Add(entry);
        else
            result[at] = entry;
    }
}
