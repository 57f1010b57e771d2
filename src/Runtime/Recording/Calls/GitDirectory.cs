using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>
/// A git directory of our own that stands for the one of a work tree. Index and objects are the tree's; of its settings it has those that say
/// how files are compared, and none that names a program.
/// </summary>
/// <remarks>
/// A job may write to its work tree at any moment, so settings that were looked at and then left to git could be others by then. Git is
/// given the tree's own directory only to find its parts, to list its settings and to read HEAD: at those it starts nothing.
/// </remarks>
internal sealed class GitDirectory : IDisposable
{
    private const string Branches = "refs/heads/";
    private const string FilterPrefix = "filter.";
    private const string ObjectFormat = "extensions.objectformat";

    /// <summary>A setting has one value, and where it is given twice the last counts.</summary>
    private static readonly string[] Compared =
    [
        "core.autocrlf", "core.eol", "core.filemode", "core.symlinks", "core.ignorecase", "core.checkstat", "core.trustctime",
        "core.excludesfile", "core.attributesfile",
    ];

    /// <summary>Beside the exclusions and attributes of the tree's files.</summary>
    private static readonly string[] OfUser = ["core.excludesfile", "core.attributesfile"];

    private readonly string _folder;

    private GitDirectory(string folder) => _folder = folder;

    public required string? Branch { get; init; }

    public required string? Remote { get; init; }

    /// <summary>Names of the programs that change contents on their way into the index. None is started.</summary>
    public required IReadOnlySet<string> Filters { get; init; }

    /// <summary>Where git finds everything.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Before the command.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <param name="tree">With <c>.git</c>.</param>
    /// <param name="parent">Where the folder is made; the job has no business there.</param>
    /// <param name="cancellation">Ends what is running.</param>
    /// <returns>Null when git is not installed, refuses, or takes too long.</returns>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static GitDirectory? Make(string tree, string parent, CancellationToken cancellation)
    {
        string? Ask(params string[] arguments) => GitProgram.Run(tree, arguments, cancellation);

        // Git refuses here where the tree is another user's.
        if (Ask("rev-parse", "--git-path", "index", "--git-path", "objects", "--git-path", "info")?.Split('\n') is not [var index, var objects, var info, ""]
            || Ask("config", "--null", "--list") is not { } listed)
        {
            return null;
        }

        var settings = ParseSettings(listed);
        string? commit = Ask("rev-parse", "--verify", "--quiet", "HEAD")?.Trim();
        string? branch = Ask("symbolic-ref", "--quiet", "HEAD")?.Trim();
        string folder = Path.Combine(parent, TemporaryName.Next());
        var made = new GitDirectory(folder)
        {
            Branch = branch?.StartsWith(Branches, StringComparison.Ordinal) == true ? branch[Branches.Length..] : branch,
            Remote = settings.GetValueOrDefault("remote.origin.url"),
            Filters = FiltersOf(settings.Keys),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GIT_DIR"] = folder,
                ["GIT_WORK_TREE"] = tree,
                ["GIT_INDEX_FILE"] = Path.GetFullPath(index, tree),
                ["GIT_OBJECT_DIRECTORY"] = Path.GetFullPath(objects, tree),
                ["GIT_CONFIG_NOSYSTEM"] = "1",
                ["HOME"] = folder,
                ["XDG_CONFIG_HOME"] = folder,
            },
            Options = [.. Compared.SelectMany(name => Option(name, settings))],
        };
        try
        {
            made.Fill(commit, settings.GetValueOrDefault(ObjectFormat), Path.GetFullPath(info, tree));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            made.Dispose();
            throw;
        }

        return made;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left there gc removes.
        }
    }

    private void Write(string name, string text) => AtomicFile.WriteLoosely(Path.Combine(_folder, name), Encoding.UTF8.GetBytes(text));

    /// <summary>gitrepository-layout(5): what makes a folder a git directory.</summary>
    private void Fill(string? commit, string? objectFormat, string info)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "refs"));
        Write("HEAD", commit is null ? $"ref: {Branches}none\n" : $"{commit}\n");
        string extension = objectFormat == "sha256" ? "[extensions]\n\tobjectFormat = sha256\n" : "";
        Write("config", $"[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n{extension}");
        string own = Directory.CreateDirectory(Path.Combine(_folder, "info")).FullName;
        foreach (string name in (string[])["exclude", "attributes"])
        {
            File.CreateSymbolicLink(Path.Combine(own, name), Path.Combine(info, name));
        }
    }

    /// <summary>git-config(1), <c>--null --list</c>: the name, a line feed and the value; the name alone means true.</summary>
    private static Dictionary<string, string> ParseSettings(string listed)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string entry in listed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            int end = entry.IndexOf('\n', StringComparison.Ordinal);
            settings[end < 0 ? entry : entry[..end]] = end < 0 ? "true" : entry[(end + 1)..];
        }

        return settings;
    }

    private static HashSet<string> FiltersOf(IEnumerable<string> names) =>
    [
        .. names.Where(name => name.StartsWith(FilterPrefix, StringComparison.Ordinal) && name.LastIndexOf('.') > FilterPrefix.Length)
            .Select(name => name[FilterPrefix.Length..name.LastIndexOf('.')]),
    ];

    private static IEnumerable<string> Option(string name, Dictionary<string, string> settings)
    {
        string? value = settings.GetValueOrDefault(name) ?? (OfUser.Contains(name) ? OfUserByDefault(name) : null);
        return value is null ? [] : ["-c", $"{name}={Expand(value)}"];
    }

    /// <summary>git-config(1): where these files are when nothing is said.</summary>
    private static string OfUserByDefault(string name)
    {
        string? settings = System.Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        return $"{(string.IsNullOrEmpty(settings) ? "~/.config" : settings)}/git/{(name == OfUser[0] ? "ignore" : "attributes")}";
    }

    /// <summary>The home folder that git is shown is not the user's.</summary>
    private static string Expand(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? $"{System.Environment.GetEnvironmentVariable("HOME")}{path[1..]}" : path;
}
