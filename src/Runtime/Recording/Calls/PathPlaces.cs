using Provenance.Archive.Records;
using Provenance.Runtime.Capturing;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Where in a container a path belongs: to the kernel, the image, a mount, and of which kind what stands there is.</summary>
internal sealed class PathPlaces
{
    private static readonly string[] KernelFolders = ["/proc", "/sys", "/dev"];

    /// <summary>Empty when a job begins, in every container that mounts nothing else there.</summary>
    private static readonly string[] ScratchFolders = ["/tmp", "/var/tmp", "/run"];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> CacheFolders = new HashSet<string>(
        ["__pycache__", ".cache", ".ccache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", ".fontconfig"],
        StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] SettingExtensions =
        [".conf", ".cfg", ".config", ".ini", ".toml", ".yaml", ".yml", ".json", ".rc"];

    /// <summary>Below a home folder's <c>.local</c> stands what the user installed: programs and their data, no settings.</summary>
    private const string InstalledFolder = ".local";

    /// <summary>Below that, what they write themselves.</summary>
    private static readonly string[] StateFolders = ["share", "state"];

    private readonly Mount[] _mounts;
    private readonly HashSet<string> _injected;
    private readonly string? _home;
    private readonly string _workingFolder;
    private readonly CaptureClassifier? _host;

    /// <param name="mounts">As recorded.</param>
    /// <param name="injected">Files put over the image's own.</param>
    /// <param name="home">The job's home folder in the container.</param>
    /// <param name="workingFolder">Where the job began.</param>
    /// <param name="host">Where the job runs on the host's own files: whose these are. Then there is nothing that is in no mount.</param>
    public PathPlaces(
        IReadOnlyList<Mount> mounts, IEnumerable<string> injected, string home, string workingFolder, CaptureClassifier? host = null)
    {
        _host = host;
        // The deepest first: a path belongs to the first that it is in.
        _mounts = [.. mounts.OrderByDescending(mount => mount.Destination.Length)];
        _injected = injected.ToHashSet(StringComparer.Ordinal);
        _home = home.Length > 1 ? home : null;
        _workingFolder = workingFolder;
    }

    /// <summary>The recorded mount a path is in; null for the image's, the kernel's and the container's own.</summary>
    public Mount? MountOf(string path)
    {
        foreach (var mount in _mounts)
        {
            if (ContainerPath.IsAtOrBelow(path, mount.Destination))
            {
                return mount;
            }
        }

        return null;
    }

    /// <summary>Whether a listing of the mounted folders shows what stands there.</summary>
    public bool IsListed(string path) => MountOf(path) is { } mount && JobPlanner.IsBind(mount);

    /// <summary>Whether it is the user's, to be read for its digest: neither the image's nor the kernel's, and no secret of the system.</summary>
    public bool IsData(string path) => IsListed(path)
        && (_host is null || _host.Classify(path) == CapturePlace.Input);

    /// <summary>Whether it is still there, where the job ran on the host's own files.</summary>
    public bool StandsOnHost(string path) => _host is not null && Path.Exists(path);

    /// <summary>Of something that stood there when the job began.</summary>
    public FileClass ClassOfUsed(string path)
    {
        if (_injected.Contains(path))
        {
            return FileClass.Injected;
        }

        if (_host is not null && ClassOnHost(path) is { } ofHost)
        {
            return ofHost;
        }

        if (MountOf(path) is { } mount)
        {
            return mount.Kind switch
            {
                "bind" => ClassInMount(path, mount),
                "image" => FileClass.Image,
                _ => FileClass.Temporary,
            };
        }

        if (ContainerPath.IsAtOrBelowAny(path, KernelFolders))
        {
            return FileClass.System;
        }

        return ContainerPath.IsAtOrBelowAny(path, ScratchFolders) ? FileClass.Temporary : FileClass.Image;
    }

    /// <summary>Of something that the job made or changed and that stands in a mount afterwards.</summary>
    public FileClass ClassOfGenerated(string path)
    {
        if (IsCache(path))
        {
            return FileClass.Cache;
        }

        return IsState(path) ? FileClass.Configuration : FileClass.Output;
    }

    /// <summary>Whether a path has a name by which programs keep what they can make again.</summary>
    public static bool HasCacheName(ReadOnlySpan<char> path)
    {
        foreach (var name in path.Split('/'))
        {
            if (CacheFolders.Contains(path[name]))
            {
                return true;
            }
        }

        return path.EndsWith(".pyc", StringComparison.Ordinal) || path.EndsWith(".pyo", StringComparison.Ordinal);
    }

    /// <summary>Whether it is in the user's home and not in the folder the job works in.</summary>
    public bool IsInHome(string path) => _home is not null && ContainerPath.IsAtOrBelow(path, _home)
        && (_workingFolder == _home || !ContainerPath.IsAtOrBelow(path, _workingFolder));

    public bool IsInWorkingFolder(string path) => ContainerPath.IsAtOrBelow(path, _workingFolder);

    /// <summary>Null for what is the user's.</summary>
    private FileClass? ClassOnHost(string path) => _host!.Classify(path) switch
    {
        CapturePlace.Image => FileClass.Image,
        CapturePlace.Provided => HostFiles.Paths.Contains(path) ? FileClass.Injected : FileClass.System,
        CapturePlace.Private => FileClass.Configuration,
        _ => null,
    };

    private FileClass ClassInMount(string path, Mount mount)
    {
        if (IsCache(path))
        {
            return FileClass.Cache;
        }

        return IsSetting(path, mount) ? FileClass.Configuration : FileClass.Input;
    }

    /// <summary>What the folders above are called, in which somebody keeps his work, says nothing of it.</summary>
    private bool IsCache(string path)
    {
        string top = MountOf(path)?.Destination ?? "/";
        if (IsInWorkingFolder(path) && _workingFolder.Length > top.Length)
        {
            top = _workingFolder;
        }

        return HasCacheName(ContainerPath.PartBelow(path, top));
    }

    private bool IsSetting(string path, Mount mount)
    {
        if (ContainerPath.IsAtOrBelow(path, "/etc"))
        {
            return true;
        }

        if (!IsInHome(path))
        {
            return false;
        }

        string first = ContainerPath.RelativeTo(path, _home!).Split('/')[0];
        return IsOwnName(first)
            || (mount.Purpose == "home" && SettingExtensions.Contains(Path.GetExtension(path)));
    }

    /// <summary>Whether a program keeps its own there: settings, histories and the like; see the XDG Base Directory Specification.</summary>
    private bool IsState(string path)
    {
        string[] names = IsInHome(path) ? ContainerPath.RelativeTo(path, _home!).Split('/') : [""];
        return IsOwnName(names[0]) || (names.Length > 1 && names[0] == InstalledFolder && StateFolders.Contains(names[1]));
    }

    /// <summary>Names with a dot are the programs'.</summary>
    private static bool IsOwnName(string first) => first.StartsWith('.') && first != InstalledFolder;
}
