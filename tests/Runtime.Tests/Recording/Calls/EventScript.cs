using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Tests.Recording.Calls;

/// <summary>Events as an observer gives them, from one line a call: <c>read a</c>, <c>rename a b</c>. Knows what stands where meanwhile.</summary>
/// <remarks>A path without a slash in front is below /work.</remarks>
internal sealed class EventScript
{
    private readonly Dictionary<string, FileStatus> _standing = new(StringComparer.Ordinal);
    private ulong _inode = 100;

    /// <param name="files">What stands there at the beginning; a name that ends in a slash is a folder.</param>
    public EventScript(params string[] files)
    {
        foreach (string file in files)
            _standing[At(file.TrimEnd('/'))] = Status(file.EndsWith('/') ? Files.S_IFDIR : Files.S_IFREG);
    }

    public IEnumerable<ObservedEvent> Play(string script)
    {
        yield return new ProcessStarted { Process = 1, Parent = 0 };
        foreach (string line in script.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            foreach (var observed in Call(words[0], At(words[1]), words.Length > 2 ? At(words[2]) : ""))
                yield return observed;
        }
    }

    public FileStatus StatusOf(string file) => _standing[At(file)];

    public static string At(string file) => file.StartsWith('/') ? file : $"/work/{file}";

    private ObservedEvent[] Call(string verb, string path, string other) => verb switch
    {
        "read" => [Touch(path, FileAccess.Read)],
        "exec" => [Touch(path, FileAccess.Execute)],
        "list" => [Touch(path, FileAccess.List)],
        "update" => [Touch(path, FileAccess.Read | FileAccess.Write)],
        "append" => [Touch(path, FileAccess.Write | FileAccess.Create)],
        "write" => [Touch(path, FileAccess.Write | FileAccess.Create | FileAccess.Truncate)],
        "empty" => [Touch(path, FileAccess.Write | FileAccess.Truncate)],
        "chmod" => [Touch(path, FileAccess.Attributes)],
        "mkdir" => [Touch(path, FileAccess.Create, Files.S_IFDIR)],
        "remove" => [Remove(path)],
        "rename" => Rename(path, other),
        "link" => [Touch(path, FileAccess.None), Touch(other, FileAccess.Create),
            new FileRenamed { Process = 1, From = path, To = other, KeepsOld = true }],
        "connect" => [Touch(path, FileAccess.Socket)],
        _ => throw new ArgumentException(verb),
    };

    private FileTouched Touch(string path, FileAccess access, uint type = Files.S_IFREG)
    {
        FileStatus? before = _standing.TryGetValue(path, out var status) ? status : null;
        if (before is null && (access & FileAccess.Create) != 0)
            _standing[path] = Status(type);
        return new FileTouched { Process = 1, Path = path, Access = access, Before = before };
    }

    private FileTouched Remove(string path)
    {
        var touched = Touch(path, FileAccess.Remove);
        _standing.Remove(path);
        return touched;
    }

    private ObservedEvent[] Rename(string from, string to)
    {
        var moved = _standing[from];
        FileStatus? replaced = _standing.TryGetValue(to, out var status) ? status : null;
        var old = Remove(from);
        _standing[to] = moved;
        foreach (string below in _standing.Keys.Where(path => path.StartsWith(from + "/", StringComparison.Ordinal)).ToList())
        {
            _standing[to + below[from.Length..]] = _standing[below];
            _standing.Remove(below);
        }

        var access = FileAccess.Create | (replaced is null ? FileAccess.None : FileAccess.Remove);
        return
        [
            old,
            new FileTouched { Process = 1, Path = to, Access = access, Before = replaced },
            new FileRenamed { Process = 1, From = from, To = to },
        ];
    }

    private FileStatus Status(uint type) => new()
    {
        Type = type,
        Mode = 0x1A4,
        Owner = 0,
        Group = 0,
        Size = 10,
        Blocks = 8,
        LinkCount = 1,
        Inode = _inode++,
        FileSystem = 1,
        DeviceMajor = 0,
        DeviceMinor = 0,
        Modified = new FileTime(1, 0),
        Changed = new FileTime(1, 0),
        IsMountPoint = false,
    };
}
