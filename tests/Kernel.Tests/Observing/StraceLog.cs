using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>What <c>strace -f -ff -y</c> saw of a job: the independent witness.</summary>
internal sealed partial class StraceLog
{
    private string _folder = "";

    /// <summary>Options by which it sees what we claim to see, one file for each process so that no line is torn.</summary>
    public static IReadOnlyList<string> Command(string log) =>
    [
        // All that takes a file's name, as strace itself has it: what we forgot would otherwise be forgotten here too.
        "strace", "-f", "-ff", "-y", "-s", "5000", "-o", log, "-e", "trace=%file,fchdir",
    ];

    /// <summary>They look at names and properties, and at nobody's content.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "statfs", "fchdir",
        "getxattr", "lgetxattr", "listxattr", "llistxattr", "inotify_add_watch", "name_to_handle_at",
    };

    /// <summary>Resolved paths of what was opened, with the access mode: the kernel's own word for each descriptor.</summary>
    public SortedSet<string> Read { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Written { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Listed { get; } = new(StringComparer.Ordinal);

    /// <summary>As they were named, made absolute: programs that began.</summary>
    public SortedSet<string> Executed { get; } = new(StringComparer.Ordinal);

    /// <summary>As they were named, made absolute: opens and programs that failed since there was nothing.</summary>
    public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>As they were named, made absolute: opens that failed for any reason.</summary>
    public SortedSet<string> Failed { get; } = new(StringComparer.Ordinal);

    /// <summary>As they were named, made absolute: what was removed or renamed away.</summary>
    public SortedSet<string> Removed { get; } = new(StringComparer.Ordinal);

    /// <summary>As they were named, made absolute: names that were made otherwise than by opening.</summary>
    public SortedSet<string> Made { get; } = new(StringComparer.Ordinal);

    /// <summary>As they were named, made absolute: what got another mode, owner, time or attribute by its name.</summary>
    public SortedSet<string> Attributed { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls that took a name, did something, and are not of those above.</summary>
    public SortedSet<string> Others { get; } = new(StringComparer.Ordinal);

    public int Calls { get; private set; }

    /// <param name="prefix">As given to <see cref="Command"/>.</param>
    /// <param name="folder">The working folder of the first process.</param>
    public static StraceLog Load(string prefix, string folder)
    {
        var log = new StraceLog();
        string name = Path.GetFileName(prefix) + ".";
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(prefix)!, name + "*"))
        {
            log._folder = folder;
            foreach (string line in File.ReadLines(file))
                log.Add(line);
        }
        return log;
    }

    private void Add(string line)
    {
        if (Call().Match(line) is not { Success: true } call)
            return;
        if (WorkingFolder().Match(line) is { Success: true } current)
            _folder = Unescape(current.Groups["path"].Value);
        Calls++;
        string result = call.Groups["result"].Value;
        bool failed = result.StartsWith("-1", StringComparison.Ordinal);
        string[] paths = [.. PathArgument().Matches(call.Groups["arguments"].Value).Select(m => Absolute(m, _folder))];
        string text = call.Groups["arguments"].Value;
        switch (call.Groups["name"].Value)
        {
            case "open" or "openat" or "openat2" or "creat":
                AddOpen(call.Groups["name"].Value, text, paths[0], result, failed);
                break;
            case "execve" or "execveat":
                if (!failed)
                    Executed.Add(paths[0]);
                else if (result.Contains("ENOENT", StringComparison.Ordinal))
                    Missing.Add(paths[0]);
                break;
            case "rename" or "renameat" or "renameat2" when !failed:
                Removed.Add(paths[0]);
                Made.Add(paths[1]);
                break;
            case "unlink" or "unlinkat" or "rmdir" when !failed:
                Removed.Add(paths[0]);
                break;
            case "link" or "linkat" or "symlink" or "symlinkat" or "mkdir" or "mkdirat" or "mknod" or "mknodat" when !failed:
                Made.Add(paths[^1]);
                break;
            case "chdir" when !failed:
                _folder = paths[0];
                break;
            case "truncate" when !failed:
                Written.Add(paths[0]);
                break;
            case "chmod" or "fchmodat" or "fchmodat2" or "chown" or "lchown" or "fchownat" or "utime" or "utimes" or "futimesat" or "utimensat"
                or "setxattr" or "lsetxattr" or "removexattr" or "lremovexattr" when !failed:
                // Of a descriptor alone there is no name: futimens(3) is utimensat(2) with none.
                Attributed.UnionWith(paths.Take(1));
                break;
            case var name when !failed && !Harmless.Contains(name) && name is not ("chdir" or "truncate"):
                Others.Add(name);
                break;
        }
    }

    private void AddOpen(string name, string text, string path, string result, bool failed)
    {
        if (text.Contains("O_PATH", StringComparison.Ordinal))
            return;
        if (failed)
        {
            Failed.Add(path);
            if (result.Contains("ENOENT", StringComparison.Ordinal))
                Missing.Add(path);
            return;
        }
        var descriptor = Descriptor().Match(result);
        string place = Unescape(descriptor.Groups["path"].Value);
        if (!place.StartsWith('/'))
            return;
        bool writes = name == "creat" || text.Contains("O_WRONLY", StringComparison.Ordinal);
        bool both = text.Contains("O_RDWR", StringComparison.Ordinal);
        if (writes || both)
            Written.Add(place);
        if (!writes)
            (text.Contains("O_DIRECTORY", StringComparison.Ordinal) ? Listed : Read).Add(place);
    }

    /// <summary>A path with the descriptor before it that it is relative to.</summary>
    private static string Absolute(Match argument, string folder)
    {
        string path = Unescape(argument.Groups["path"].Value);
        if (path.StartsWith('/'))
            return path;
        string from = argument.Groups["folder"].Success ? Unescape(argument.Groups["folder"].Value) : folder;
        return path.Length == 0 ? from : from.TrimEnd('/') + "/" + path;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
            else if (Octal().Match(text, i + 1) is { Success: true } octal && octal.Index == i + 1)
            {
                bytes.Add(Convert.ToByte(octal.Value, 8));
                i += octal.Length;
            }
            else
            {
                i++;
                bytes.Add((byte)text[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"\A(?<name>\w+)\((?<arguments>.*)\)\s+= (?<result>.*)\z")]
    private static partial Regex Call();

    [GeneratedRegex("""(?:(?:AT_FDCWD|\d+)(?:<(?<folder>[^>]*)>)?, )?(?<!\[)"(?<path>(?:[^"\\]|\\.)*)"(?!\.\.\.)""")]
    private static partial Regex PathArgument();

    [GeneratedRegex(@"AT_FDCWD<(?<path>[^>]*)>|\Afchdir\(\d+<(?<path>[^>]*)>\)\s+= 0")]
    private static partial Regex WorkingFolder();

    [GeneratedRegex(@"\A\d+<(?<path>.*?)>(?:\(deleted\))?\z")]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"\G[0-7]{1,3}")]
    private static partial Regex Octal();
}
