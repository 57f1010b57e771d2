using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Finds a job's program among the files that the job will see, and says beforehand why it could not be executed.</summary>
/// <remarks>
/// Done here, not by execvp(3): libc hands what the kernel refuses to /bin/sh, and a program of another architecture is
/// then read as a script.
/// </remarks>
internal sealed class ProgramFinder(ContainerView view, string workingDirectory)
{
    // The kernel's own limit on scripts whose interpreter is a script (fs/exec.c).
    private const int MaxInterpreters = 5;

    /// <summary>The path to execute; without links resolved, since programs look at the name they are called by.</summary>
    /// <exception cref="CommandException">It is not there, or cannot be executed.</exception>
    public string Find(string name, IReadOnlyList<EnvironmentEntry> environment)
    {
        string path = name.Contains('/', StringComparison.Ordinal)
            ? FindAt(name)
            : Search(name, environment.LastOrDefault(e => e.Name == "PATH")?.Value ?? JobEnvironment.DefaultPath);
        CheckContent(path, path, MaxInterpreters);
        return path;
    }

    private string FindAt(string name)
    {
        string path = Absolute(name);
        var found = view.Resolve(path);
        if (!found.Exists)
            throw new CommandException(CommandException.NotFound, $"command '{name}': not found");
        if (found.Node.Kind == FileKind.Folder)
            throw new CommandException(CommandException.CannotExecute, $"command '{name}': is a folder");
        return IsExecutable(found) ? path : throw NotExecutable(name);
    }

    private string Search(string name, string searchPath)
    {
        string? unusable = null;
        foreach (string folder in searchPath.Split(':'))
        {
            string candidate = Absolute(folder.Length == 0 ? name : $"{folder.TrimEnd('/')}/{name}");
            var found = TryResolve(candidate);
            if (IsExecutable(found))
                return candidate;
            if (found.Node.Kind == FileKind.File)
                unusable ??= candidate;
        }
        throw unusable is not null
            ? NotExecutable(unusable)
            : new CommandException(CommandException.NotFound, $"command '{name}': not found in PATH '{searchPath}'");
    }

    /// <summary>An entry of PATH that leads nowhere, or where we may not look, is passed over.</summary>
    private ViewedPath TryResolve(string path)
    {
        try
        {
            return view.Resolve(path);
        }
        catch (Exception e) when (e is SandboxException or SyscallException { Errno: Errno.EACCES })
        {
            return default;
        }
    }

    private void CheckContent(string path, string command, int depth)
    {
        string resolved = view.Resolve(path).Path;
        if (view.HostPath(resolved) is not { } onHost || ProgramHeader.TryRead(onHost) is not { } header)
            return;
        if (header.Problem is { } problem)
            throw new CommandException(CommandException.CannotExecute, $"command '{command}': {problem}");
        if (header.Interpreter is not { } interpreter)
            return;
        string where = path == command ? "" : $" of '{path}'";
        if (TryResolve(Absolute(interpreter)) is not { Exists: true })
        {
            throw new CommandException(
                CommandException.CannotExecute,
                $"command '{command}': the interpreter '{interpreter.Replace("\r", "\\r", StringComparison.Ordinal)}'" +
                $"{where} is not in the image");
        }
        if (depth == 0)
            throw new CommandException(CommandException.CannotExecute, $"command '{command}': too many interpreters");
        CheckContent(Absolute(interpreter), command, depth - 1);
    }

    private static bool IsExecutable(ViewedPath found) => found.Node is { Kind: FileKind.File, Executable: true };

    private static CommandException NotExecutable(string path) =>
        new(CommandException.CannotExecute, $"command '{path}': is not executable");

    private string Absolute(string path) => path.StartsWith('/') ? path : $"{workingDirectory.TrimEnd('/')}/{path}";
}
