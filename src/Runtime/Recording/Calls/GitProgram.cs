using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Asks the host's git of a work tree. It is told to write nothing and to start none of the tree's own hooks.</summary>
/// <remarks>
/// A tree of another user, at which git itself refuses to look, is not forced upon it: such a tree's settings could start programs. Commit
/// and branch are then read from its files, and whether it is clean is not known.
/// </remarks>
internal static partial class GitProgram
{
    private const int MaxOutputCharacters = 1 << 20;
    private const string DetachedHead = "(detached)";
    private const string NoCommit = "(initial)";

    /// <summary>What another program's environment says of a repository is not of this one.</summary>
    private static readonly string[] Foreign =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_CEILING_DIRECTORIES"];

    public static GitState Ask(string tree, CancellationToken cancellation)
    {
        string? status = Run(
            tree, ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=no", "--ignore-submodules=none"], cancellation);
        return status is null
            ? GitFiles.Read(tree)
            : Parse(status) with { Remote = Run(tree, ["config", "--get", "remote.origin.url"], cancellation)?.Trim() };
    }

    /// <summary>Those of the files that are neither tracked nor ignored.</summary>
    /// <returns>Null when git could not tell.</returns>
    public static IReadOnlyList<string>? Untracked(string tree, IReadOnlyList<string> files, CancellationToken cancellation) =>
        Run(tree, ["--literal-pathspecs", "ls-files", "--others", "--exclude-standard", "-z", "--", .. files], cancellation)
            ?.Split('\0', StringSplitOptions.RemoveEmptyEntries);

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

    /// <returns>Null when git is not installed, refuses, or takes too long.</returns>
    private static string? Run(string tree, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = tree,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        foreach (string argument in (string[])["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        Array.ForEach(Foreign, name => start.Environment.Remove(name));
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
