using System.Text.RegularExpressions;

namespace Provenance.Runtime.Capturing;

/// <summary>Finds the folder of an installed environment that a file belongs to, wherever a user has put it.</summary>
/// <remarks>
/// Some tell themselves by their names: <c>site-packages</c>, a Julia depot, an R library. Others by a mark at their top:
/// <c>pyvenv.cfg</c> (PEP 405), <c>conda-meta</c>, Spack's <c>.spack</c>, <c>easybuild</c>, an R package's <c>Meta/package.rds</c>.
/// </remarks>
internal sealed partial class EnvironmentFolders(Func<string, bool> exists)
{
    private static readonly string[] Marks =
        ["pyvenv.cfg", "conda-meta", ".spack", ".spack-db", "easybuild", "Meta/package.rds", "lib/node_modules/npm"];

    private readonly Dictionary<string, string?> _marked = new(StringComparer.Ordinal);

    /// <summary>By the folder that a file lies in: of a folder with a thousand files it is found out once.</summary>
    private readonly Dictionary<string, string?> _tops = new(StringComparer.Ordinal);

    /// <summary>Its top folder; null when the file belongs to none.</summary>
    /// <param name="path">Absolute, without links and dots.</param>
    public string? Find(string path)
    {
        var folder = Path.GetDirectoryName(path.AsSpan());
        if (!_tops.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(folder, out string? top))
        {
            string name = folder.ToString();
            top = FindMarked(name) ?? FindNamed($"{name}/");
            _tops[name] = top;
        }

        return top;
    }

    private static string? FindNamed(string path) => Named().Match(path) is { Success: true } match ? match.Groups["top"].Value : null;

    private string? FindMarked(string? folder)
    {
        if (folder is null or "" or "/")
        {
            return null;
        }

        if (!_marked.TryGetValue(folder, out string? top))
        {
            top = Array.Exists(Marks, mark => exists($"{folder}/{mark}")) ? folder : FindMarked(Path.GetDirectoryName(folder));
            _marked[folder] = top;
        }

        return top;
    }

    [GeneratedRegex("""
        \A(?<top>/.*?/(
            (site|dist)-packages
            | \.julia/(packages|artifacts|compiled|juliaup|clones)
            | [^/]+-(linux|library)[^/]*-library/[0-9.]+
            | renv/library
            | \.(cargo|rustup|nvm|pyenv|rbenv|sdkman|juliaup|ghcup|opam)
            | \.local/(bin|lib)
            | go/(bin|pkg)
            | node_modules
            | modulefiles
        ))/
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
