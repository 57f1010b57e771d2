using Provenance.Runtime.Injection;

namespace Provenance.Runtime.Analysis;

/// <summary>Finds the programs that a command line starts, as far as it can be told without running it.</summary>
/// <param name="files">Of the container.</param>
/// <param name="folder">The job's working folder.</param>
/// <param name="searchPath">PATH as the job has it.</param>
internal sealed class StartedPrograms(ContainerFiles files, string folder, string searchPath)
{
    /// <summary>An interpreter of an interpreter is as far as the kernel goes; one more is enough for us.</summary>
    private const int MostInterpreters = 5;

    /// <summary>Of a PATH: an image may have one of any length.</summary>
    private const int MostFolders = 1000;

    /// <summary>A path, or a name to look for in PATH. Null where no file stands there.</summary>
    internal string? Locate(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return files.Resolve(Absolute(name));
        }

        string[] found = [.. searchPath.Split(':').Take(MostFolders).Select(place => files.Resolve(Absolute($"{place.TrimEnd('/')}/{name}"))).OfType<string>()];
        return Array.Find(found, files.IsExecutable) ?? found.FirstOrDefault();
    }

    /// <summary>A program, or a script with its interpreters, and what env(1) starts for it.</summary>
    /// <param name="path">Free of links.</param>
    internal IReadOnlyList<string> Of(string path)
    {
        var found = new List<string>();
        string? next = path;
        for (int i = 0; next is not null && i < MostInterpreters; i++)
        {
            found.Add(next);
            string[] words = InterpreterLine(next);
            next = words.Length == 0 ? null : files.Resolve(Absolute(words[0]));
            if (next is not null && StartedByEnv(words) is { } started)
            {
                found.Add(next);
                next = Locate(started);
            }
        }

        return found;
    }

    /// <summary>Those of a whole command line: its program, and the executable files that it names to a launcher or a shell. In order, each once.</summary>
    internal IReadOnlyList<string> OfCommand(IReadOnlyList<string> argv)
    {
        if (argv.Count == 0 || Locate(argv[0]) is not { } program)
        {
            return [];
        }

        var others = JobPrograms.NamedBy(argv).Select(Locate).OfType<string>().Where(files.IsExecutable);
        return [.. others.Prepend(program).SelectMany(Of).Distinct()];
    }

    private string Absolute(string path) => path.StartsWith('/') ? path : $"{folder.TrimEnd('/')}/{path}";

    /// <summary>What stands after <c>#!/usr/bin/env</c>; null where that is not the interpreter.</summary>
    private static string? StartedByEnv(string[] words) => Path.GetFileName(words[0]) == "env"
        ? words.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && !word.Contains('=', StringComparison.Ordinal))
        : null;

    /// <summary>The program that a script is for, and its arguments: execve(2), "Interpreter scripts". None of what is no script, or may not be read.</summary>
    private string[] InterpreterLine(string script)
    {
        const int LongestLine = 256;
        Span<byte> start = stackalloc byte[LongestLine];
        try
        {
            using var file = File.OpenHandle(files.HostPath(script));
            start = start[..RandomAccess.Read(file, start, 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        int end = start.IndexOf((byte)'\n');
        return end < 0 || !start.StartsWith("#!"u8)
            ? []
            : System.Text.Encoding.UTF8.GetString(start[2..end]).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
    }
}
