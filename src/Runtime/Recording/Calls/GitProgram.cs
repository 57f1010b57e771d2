using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Asks the host's git of a work tree. It is told to write nothing, and the tree's settings start no program.</summary>
/// <remarks>
/// A tree of another user, at which git itself refuses to look, is not forced upon it. Commit and branch are then read from its files, and
/// whether it is clean is not known.
/// </remarks>
internal static partial class GitProgram
{
    private const int MaxOutputCharacters = 1 << 20;
    private const int MaxAsked = 200;
    private const string DetachedHead = "(detached)";
    private const string NoCommit = "(initial)";

    /// <summary>What another program's environment says of a repository is not of this one.</summary>
    private static readonly string[] Foreign =
        [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_CEILING_DIRECTORIES", "GIT_COMMON_DIR",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG",
        ];

    /// <summary>Settings that the caller has in the environment; those that are wanted were listed before.</summary>
    private static readonly string[] Settings = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"];

    /// <param name="tree">With <c>.git</c>.</param>
    /// <param name="temporary">A folder that the job does not write to.</param>
    /// <param name="cancellation">Ends what is running.</param>
    public static GitState Ask(string tree, string temporary, CancellationToken cancellation)
    {
        using var directory = TryMake(tree, temporary, cancellation);

        // What is in a submodule is its own tree's business, and git would start itself there, by the settings there.
        string? status = directory is null ? null : Run(
            tree, ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=no", "--ignore-submodules=dirty"], cancellation, directory);
        if (status is null)
        {
            return GitFiles.Read(tree);
        }

        var state = Parse(status);
        return state with
        {
            Branch = directory!.Branch,
            Remote = directory.Remote?.Trim(),
            Changed = directory.Filters.Count == 0 || state.Changed!.Count == 0 ? state.Changed : Certain(tree, state.Changed, directory, cancellation),
        };
    }

    /// <summary>Those of the files that are neither tracked nor ignored.</summary>
    /// <returns>Null when git could not tell.</returns>
    public static IReadOnlyList<string>? Untracked(
        string tree, string temporary, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        using var directory = TryMake(tree, temporary, cancellation);
        string[] arguments = ["--literal-pathspecs", "ls-files", "--others", "--exclude-standard", "-z", "--", .. files];
        return directory is null ? null : Run(tree, arguments, cancellation, directory)?.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>git-status(1), porcelain format version 2 with -z: headers, then entries, a rename followed by its old path.</summary>
    internal static GitState Parse(string status)
    {
        var state = new GitState { Changed = [] };
        var changed = new List<string>();
        string[] entries = status.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < entries.Length; index++)
        {
            string entry = entries[index];
            if (Header().Match(entry) is { Success: true } header)
            {
                string value = header.Groups["value"].Value;
                state = header.Groups["name"].Value == "oid"
                    ? state with { Commit = value == NoCommit ? null : value }
                    : state with { Branch = value == DetachedHead ? null : value };
            }
            else if (Entry().Match(entry) is { Success: true } change)
            {
                changed.Add(change.Groups["path"].Value);
                index += entry[0] == '2' ? 1 : 0;
            }
        }

        return state with { Changed = changed };
    }

    /// <summary>Where git is. .NET itself would look into the current folder first, which the job may write to.</summary>
    /// <param name="searched">As PATH has it.</param>
    internal static string? Find(string searched) => searched.Split(':').Where(folder => folder.StartsWith('/'))
        .Select(folder => Path.Combine(folder, "git"))
        .FirstOrDefault(File.Exists);

    /// <param name="tree">Where it is asked.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="directory">Stands for the tree's own; needed for whatever looks at files.</param>
    /// <returns>Null when git is not installed, refuses, or takes too long.</returns>
    internal static string? Run(
        string tree, IReadOnlyList<string> arguments, CancellationToken cancellation, GitDirectory? directory = null)
    {
        if (Find(Environment.GetEnvironmentVariable("PATH") ?? "") is not { } program)
        {
            return null;
        }

        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = tree,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        string[] safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"];
        foreach (string argument in (string[])[.. safe, .. directory?.Options ?? [], .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        Array.ForEach(Foreign, name => start.Environment.Remove(name));
        if (directory is not null)
        {
            Array.ForEach(Settings, name => start.Environment.Remove(name));
            foreach (var (name, value) in directory.Environment)
            {
                start.Environment[name] = value;
            }
        }

        // What a partial clone lacks is not fetched: a fetch starts programs.
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var git = Process.Start(start)!;
            using var stop = cancellation.Register(() => Kill(git));
            git.StandardInput.Close();
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            string output = ReadBounded(git.StandardOutput);
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static GitDirectory? TryMake(string tree, string temporary, CancellationToken cancellation)
    {
        try
        {
            return GitDirectory.Make(tree, temporary, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Of files that seem to be changed, those that no filter may have made look so.</summary>
    /// <returns>Null when there are none: git would have to start the filters.</returns>
    private static List<string>? Certain(string tree, IReadOnlyList<string> changed, GitDirectory directory, CancellationToken cancellation)
    {
        // git-check-attr(1) with -z: path, attribute, value.
        string[] asked = [.. changed.Take(MaxAsked)];
        string[]? told = Run(tree, ["check-attr", "-z", "filter", "--", .. asked], cancellation, directory)?.Split('\0');
        List<string> certain =
        [
            .. (told ?? []).Chunk(3).Where(three => three.Length == 3 && !directory.Filters.Contains(three[2])).Select(three => three[0]),
        ];
        return certain.Count == 0 ? null : certain;
    }

    /// <summary>More than a megabyte of changed files is read and not kept, so that git can end.</summary>
    private static string ReadBounded(StreamReader reader)
    {
        var text = new StringBuilder();
        char[] buffer = new char[1 << 14];
        int read;
        while ((read = reader.Read(buffer)) > 0)
        {
            text.Append(buffer, 0, Math.Min(read, MaxOutputCharacters - text.Length));
        }

        return text.ToString();
    }

    private static void Kill(Process git)
    {
        try
        {
            git.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    [GeneratedRegex(@"\A# branch\.(?<name>oid|head) (?<value>.+)\z")]
    private static partial Regex Header();

    // 1 XY sub mH mI mW hH hI path; 2 the same with a score; u with one more mode and name.
    [GeneratedRegex(@"\A(?:1 (?:\S+ ){7}|2 (?:\S+ ){8}|u (?:\S+ ){9})(?<path>.+)\z", RegexOptions.Singleline)]
    private static partial Regex Entry();
}
