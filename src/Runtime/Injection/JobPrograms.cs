using System.Text;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>Finds the programs of a job among the files it will see: its own, a script's interpreter, and those it is told to start.</summary>
internal sealed class JobPrograms(ContainerView view, string workingDirectory, IReadOnlyList<EnvironmentEntry> environment, LibrarySearch image)
{
    // As the kernel, see execve(2).
    private const int MaxInterpreters = 5;
    private const int MostArguments = 1000;

    /// <summary>Programs that run what their arguments name without a path.</summary>
    private static readonly HashSet<string> Launchers = new(StringComparer.Ordinal)
    {
        "mpirun", "mpiexec", "mpiexec.hydra", "mpiexec.mpich", "mpiexec.openmpi", "mpirun.mpich", "mpirun.openmpi", "orterun", "prterun",
        "env", "time", "nice", "nohup", "setsid", "stdbuf", "taskset", "numactl", "timeout", "chrt", "ionice",
    };

    private static readonly HashSet<string> Shells = new(StringComparer.Ordinal)
    {
        "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "busybox", "toybox",
    };

    private readonly ProgramFinder _finder = new(view, workingDirectory);
    private readonly List<ElfObject> _found = [];

    /// <exception cref="CommandException">The job's own program is not there or cannot be executed.</exception>
    public IReadOnlyList<ElfObject> Find(IReadOnlyList<string> argv)
    {
        Add(_finder.Find(argv[0], environment), MaxInterpreters);
        foreach (string further in NamedBy(argv).Select(TryFind).OfType<string>())
        {
            Add(further, MaxInterpreters);
        }

        return [.. _found.Distinct()];
    }

    /// <summary>
    /// What a command line may name programs by: paths, and all words of a launcher's or of a shell's command. More than will be started is no harm.
    /// </summary>
    public static IEnumerable<string> NamedBy(IReadOnlyList<string> argv)
    {
        string program = Path.GetFileName(argv[0]);
        bool isLauncher = Launchers.Contains(program);
        var words = Shells.Contains(program) && argv.Count > 2 && argv[1] == "-c" ? Words(argv[2]) : [];
        var arguments = argv.Skip(1).Take(MostArguments).Where(argument => isLauncher || argument.Contains('/', StringComparison.Ordinal));
        return words.Concat(arguments).Where(word => !word.StartsWith('-'));
    }

    /// <summary>Whether a program is there to start others, which may be of another kind than itself.</summary>
    public static bool StartsOthers(ElfObject program) => Path.GetFileName(program.Path) is var name && (Shells.Contains(name) || Launchers.Contains(name));

    private static IEnumerable<string> Words(string command) =>
        command.Split(" \t\n;|&()<>\"'`$".ToCharArray(), StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MostArguments);

    private string? TryFind(string name)
    {
        try
        {
            return _finder.Find(name, environment);
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    private void Add(string path, int depth)
    {
        string absolute = path.StartsWith('/') ? path : $"{workingDirectory.TrimEnd('/')}/{path}";
        var resolved = view.Resolve(absolute);
        if (view.HostPath(resolved.Path) is not { } file)
        {
            return;
        }

        if (FirstLine(file) is { } line)
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            string? interpreter = words.Length > 1 && Path.GetFileName(words[0]) == "env"
                ? words.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && !word.Contains('=', StringComparison.Ordinal))
                : words.FirstOrDefault();
            if (depth > 0 && interpreter is not null && TryFind(interpreter) is { } found)
            {
                Add(found, depth - 1);
            }

            return;
        }

        if (image.Read(resolved.Path) is { } program)
        {
            _found.Add(program);
        }
    }

    /// <summary>What stands after #!; null for what is no script.</summary>
    private static string? FirstLine(string file)
    {
        byte[] bytes = new byte[512];
        try
        {
            using var handle = File.OpenHandle(file);
            var start = bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0));
            if (!start.StartsWith("#!"u8))
            {
                return null;
            }

            int end = start.IndexOf((byte)'\n');
            return Encoding.UTF8.GetString(start[2..(end < 0 ? start.Length : end)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
