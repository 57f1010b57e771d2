namespace Provenance.Runtime.Recording.Calls;

/// <summary>Finds the git work trees that used files lie in, and asks git of each as soon as it is found: later the job has changed it.</summary>
/// <param name="temporary">A folder that the job does not write to.</param>
internal sealed class WorkTrees(string temporary) : IDisposable
{
    private const int MaxTrees = 20;
    private const int MaxFolders = 10_000;
    private const int MaxFilesOfTree = 200;
    private const string GitEntry = ".git";

    /// <summary>Waited for at the job's end, for all of them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>By folder; the empty path is none.</summary>
    private readonly Dictionary<string, string> _treeOf = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<GitState>> _states = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _abandoned = new();

    /// <summary>A file that is read or executed. Looks for <c>.git</c> upward once for a folder, and returns.</summary>
    /// <param name="hostPath">Absolute.</param>
    public void Add(string hostPath)
    {
        if (Path.GetDirectoryName(hostPath) is not { } folder || TreeOf(folder) is not { Length: > 0 } tree)
        {
            return;
        }

        if (!_files.TryGetValue(tree, out var files))
        {
            if (_files.Count >= MaxTrees)
            {
                return;
            }

            _files.Add(tree, files = []);
            _states.Add(tree, Task.Run(() => GitProgram.Ask(tree, temporary, _abandoned.Token)));
        }

        if (files.Count < MaxFilesOfTree)
        {
            files.Add(Path.GetRelativePath(tree, hostPath));
        }
    }

    /// <summary>What git says of each, in order of the folders.</summary>
    public IReadOnlyList<Archive.Records.SourceTree> Finish()
    {
        _abandoned.CancelAfter(Patience);
        return
        [
            .. _files.Select(tree => _states[tree.Key].GetAwaiter().GetResult()
                .With(GitProgram.Untracked(tree.Key, temporary, tree.Value, _abandoned.Token))
                .ToRecord(tree.Key)),
        ];
    }

    public void Dispose()
    {
        _abandoned.Cancel();
        Task.WhenAll(_states.Values).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _abandoned.Dispose();
    }

    private string TreeOf(string folder)
    {
        if (_treeOf.TryGetValue(folder, out string? known))
        {
            return known;
        }

        string git = Path.Combine(folder, GitEntry);
        string tree = File.Exists(git) || Directory.Exists(git)
            ? folder
            : Path.GetDirectoryName(folder) is { } parent ? TreeOf(parent) : "";
        if (_treeOf.Count < MaxFolders)
        {
            _treeOf.Add(folder, tree);
        }

        return tree;
    }
}
