using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Checks the paths of a run before a replay goes by them: whoever signed the record may have written what no run gives.</summary>
/// <remarks>
/// Only what lies in a bind mount is laid out, and only that has to fit together: what was used below /proc, or of the image, is never made.
/// </remarks>
internal static class RecordedPaths
{
    private const string NotNormal = "is no absolute path without empty names, '.' and '..'";

    /// <exception cref="RecordingException">Laid out, the run could lead out of the folder it is laid out in; or a path is there twice.</exception>
    public static void Check(RecordedRun run)
    {
        var binds = run.Record.Mounts.Where(JobPlanner.IsBind).ToList();
        foreach (var mount in run.Record.Mounts)
        {
            if (!IsNormal(mount.Destination))
            {
                throw Refused(run, $"mount '{mount.Destination}': {NotNormal}");
            }

            if (mount.SizeBytes < 1)
            {
                // To tmpfs(5) no bytes are no bound.
                throw Refused(run, $"mount '{mount.Destination}': has {mount.SizeBytes} bytes");
            }

            if (JobPlanner.IsBind(mount) && (mount.Source is null || !IsNormal(mount.Source)))
            {
                throw Refused(run, $"source '{mount.Source}' of mount '{mount.Destination}': {NotNormal}");
            }
        }

        CheckEach(run, run.Used.Select(file => file.Path), binds);
        CheckEach(run, run.Generated.Select(file => file.Path), binds);
        CheckTree(run, binds);
        CheckNames(run, binds);
    }

    /// <summary>Earlier programs made two mounts at one destination, of which the job saw the last.</summary>
    public static IReadOnlyList<Mount> Uncovered(IReadOnlyList<Mount> mounts) =>
        [.. mounts.Reverse().DistinctBy(mount => mount.Destination, StringComparer.Ordinal).Reverse()];

    /// <summary>The mount that a path belongs to; null for none.</summary>
    public static Mount? OwnerOf(string path, IEnumerable<Mount> mounts) => mounts
        .Where(mount => ContainerPath.IsAtOrBelow(path, mount.Destination))
        .MaxBy(mount => mount.Destination.Length);

    private static void CheckEach(RecordedRun run, IEnumerable<string> paths, List<Mount> binds)
    {
        string last = "";
        foreach (string path in paths)
        {
            if (string.CompareOrdinal(last, path) >= 0)
            {
                throw Refused(run, $"file '{path}': stands after '{last}', and paths are in order, each once");
            }

            if (!IsNormal(path) && OwnerOf(path, binds) is not null)
            {
                throw Refused(run, $"file '{path}': {NotNormal}");
            }

            last = path;
        }
    }

    /// <summary>Nothing lies in what is no folder.</summary>
    private static void CheckTree(RecordedRun run, List<Mount> binds)
    {
        var kinds = run.Used.Where(file => file.Kind != FileKind.Folder)
            .ToDictionary(file => file.Path, file => file.Kind, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var file in run.Used.Where(file => file.Kind != FileKind.File || file.Class != FileClass.Image))
        {
            if (OwnerOf(file.Path, binds) is not { } mount)
            {
                continue;
            }

            int top = mount.Destination.Length;
            if (file.Path.Length == top && IsWrongAtTop(file.Kind, mount))
            {
                throw Refused(run, $"mount '{mount.Destination}': a {Word(file.Kind)} stands there");
            }

            if (file.Path.Length > top && mount.IsFile)
            {
                throw Refused(run, $"file '{file.Path}': lies in '{mount.Destination}', which is no folder");
            }

            for (int end = file.Path.LastIndexOf('/'); end >= top && end > 0; end = file.Path.LastIndexOf('/', end - 1))
            {
                if (kinds.TryGetValue(file.Path.AsSpan(0, end), out var kind))
                {
                    throw Refused(run, $"file '{file.Path}': lies in '{file.Path[..end]}', which is a {Word(kind)}");
                }
            }
        }
    }

    /// <summary>Further names of a file lead to its first, which is listed before them.</summary>
    private static void CheckNames(RecordedRun run, List<Mount> binds)
    {
        var linked = run.Used.Where(file => file.LinkedTo is not null).ToList();
        var wanted = linked.Select(file => file.LinkedTo!).ToHashSet(StringComparer.Ordinal);
        var first = run.Used.Where(file => file is { Kind: FileKind.File, LinkedTo: null } && wanted.Contains(file.Path))
            .Select(file => file.Path)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var file in linked)
        {
            if (file.Kind != FileKind.File || !first.Contains(file.LinkedTo!) || string.CompareOrdinal(file.LinkedTo, file.Path) >= 0
                || OwnerOf(file.Path, binds) is null || OwnerOf(file.LinkedTo!, binds) is null)
            {
                throw Refused(run, $"file '{file.Path}': is named as another name of '{file.LinkedTo}', which is no file in a mount before it");
            }
        }
    }

    /// <summary>A bind follows the link that its source is: what the job writes there would go through it.</summary>
    private static bool IsWrongAtTop(FileKind kind, Mount mount) => mount.IsFile
        ? kind == FileKind.Folder || (kind == FileKind.Link && !mount.ReadOnly)
        : kind != FileKind.Folder;

    private static bool IsNormal(string path) => path == "/"
        || (path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && path[1..].Split('/').All(name => name is not ("" or "." or "..")));

    private static string Word(FileKind kind) => kind.ToString().ToLowerInvariant();

    private static RecordingException Refused(RecordedRun run, string what) => new($"run '{run.Id.Abbreviated}': {what}");
}
