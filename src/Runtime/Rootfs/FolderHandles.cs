using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Folders of a tree that are open, so that a file in one costs no walk. None is ever opened through a link.</summary>
internal sealed class FolderHandles(SafeFileHandle root) : IDisposable
{
    /// <summary>Archives list a folder's files together; a few levels at once are enough.</summary>
    private const int MaxOpen = 128;

    private readonly Dictionary<string, SafeFileHandle> _open = new(StringComparer.Ordinal);

    /// <summary>The folder that holds a path, and the last name of the path. Neither handle is the caller's to close.</summary>
    public (SafeFileHandle Folder, string Name) Split(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? (root, path) : (Open(path.AsSpan(0, slash)), path[(slash + 1)..]);
    }

    /// <summary>To be called before a folder is removed: what is open at it or below is closed.</summary>
    public void Forget(string path)
    {
        string below = path + "/";
        var gone = _open.Keys.Where(key => key == path || key.StartsWith(below, StringComparison.Ordinal)).ToList();
        foreach (string key in gone)
        {
            _open.Remove(key, out var handle);
            handle?.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var handle in _open.Values)
            handle.Dispose();
        _open.Clear();
    }

    private SafeFileHandle Open(ReadOnlySpan<char> path)
    {
        if (_open.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var known))
            return known;
        if (_open.Count == MaxOpen)
            Dispose();
        string text = path.ToString();
        return _open[text] = Files.OpenBeneath(root, text, Files.O_PATH | Files.O_DIRECTORY);
    }
}
