using System.Text;
using System.Text.RegularExpressions;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Commit and branch of a work tree from its own files, for where there is no git to ask: gitrepository-layout(5).</summary>
internal static partial class GitFiles
{
    private const int MaxBytes = 1 << 22;
    private const string GitDirectory = "gitdir: ";
    private const string Branches = "refs/heads/";

    public static GitState Read(string tree)
    {
        try
        {
            string git = Path.Combine(tree, ".git");
            if (File.Exists(git))
            {
                // A linked work tree or a submodule: the file names its folder.
                string text = ReadText(git);
                git = text.StartsWith(GitDirectory, StringComparison.Ordinal)
                    ? Path.GetFullPath(text[GitDirectory.Length..].TrimEnd('\n'), tree)
                    : git;
            }

            return ReadHead(git);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SyscallException)
        {
            return new GitState();
        }
    }

    private static GitState ReadHead(string git)
    {
        string head = ReadText(Path.Combine(git, "HEAD")).Trim();
        if (Commit().IsMatch(head))
        {
            return new GitState { Commit = head };
        }

        if (SymbolicReference().Match(head) is not { Success: true } match)
        {
            return new GitState();
        }

        string name = match.Groups["name"].Value;
        string common = Path.Combine(git, "commondir");
        string shared = File.Exists(common) ? Path.GetFullPath(ReadText(common).Trim(), git) : git;
        return new GitState
        {
            Commit = FindReference(shared, name),
            Branch = name.StartsWith(Branches, StringComparison.Ordinal) ? name[Branches.Length..] : null,
        };
    }

    private static string? FindReference(string git, string name)
    {
        string loose = Path.Combine(git, name);
        if (File.Exists(loose) && ReadText(loose).Trim() is var commit && Commit().IsMatch(commit))
        {
            return commit;
        }

        string packed = Path.Combine(git, "packed-refs");
        return !File.Exists(packed)
            ? null
            : ReadText(packed).Split('\n')
                .Where(line => line.EndsWith($" {name}", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[0])
                .FirstOrDefault(word => Commit().IsMatch(word));
    }

    /// <summary>A job may have put a named pipe there, at which opening would wait for ever.</summary>
    private static string ReadText(string path)
    {
        using var root = Files.OpenFolder("/");
        using var file = Files.OpenInRoot(root, path, Files.O_RDONLY | Files.O_NONBLOCK);
        var status = Files.Status(file);
        if (!status.IsFile || status.Size > MaxBytes)
        {
            throw new IOException($"file '{path}': is no regular file, or too large");
        }

        byte[] content = new byte[status.Size];
        return Encoding.UTF8.GetString(content.AsSpan(0, Files.Read(file, content, 0, path)));
    }

    // SHA-1 or SHA-256 repositories.
    [GeneratedRegex(@"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex Commit();

    // No name that leads out of the folder: git-check-ref-format(1) forbids two dots.
    [GeneratedRegex(@"\Aref: (?<name>refs/(?!.*\.\.)[^\s]+)\z")]
    private static partial Regex SymbolicReference();
}
