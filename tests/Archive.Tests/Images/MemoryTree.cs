using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>A tree writer that keeps what it is told, and objects where a file system would.</summary>
public sealed class MemoryTree : ITreeWriter
{
    private readonly SortedDictionary<string, string> _entries = new(StringComparer.Ordinal);

    public Digest? Committed { get; private set; }

    public bool Aborted { get; private set; }

    /// <summary>Path and what is there, such as <c>file 644 hello</c>.</summary>
    public IReadOnlyDictionary<string, string> Entries => _entries;

    public void WriteFolder(TreePath path, FileMetadata metadata)
    {
        if (path.IsRoot)
        {
            return;
        }

        AssertParent(path);
        Assert.True(!_entries.TryGetValue(path.ToString(), out string? there) || there.StartsWith("folder", StringComparison.Ordinal));
        _entries[path.ToString()] = $"folder {Octal(metadata)}";
    }

    public void WriteFile(TreePath path, FileMetadata metadata, FileContentStream content)
    {
        using var text = new MemoryStream();
        // Only the first half: the importer must read the rest.
        byte[] half = new byte[content.Length / 2];
        content.ReadExactly(half);
        text.Write(half);
        Add(path, $"file {Octal(metadata)} {metadata.Size} {Encoding.UTF8.GetString(text.ToArray())}");
    }

    public void WriteLink(TreePath path, FileMetadata metadata, string target) => Add(path, $"link {target}");

    public void WriteHardLink(TreePath path, TreePath existing)
    {
        string there = _entries[existing.ToString()];
        Assert.DoesNotContain("folder", there, StringComparison.Ordinal);
        Add(path, there);
    }

    public void WriteDevice(TreePath path, FileMetadata metadata, TreeEntryType type, int major, int minor) =>
        Add(path, $"{type} {major}:{minor}");

    public void Remove(TreePath path)
    {
        Assert.True(_entries.Remove(path.ToString()));
        foreach (string below in _entries.Keys.Where(key => key.StartsWith(path + "/", StringComparison.Ordinal)).ToArray())
        {
            _entries.Remove(below);
        }
    }

    public void Commit(Digest tree)
    {
        Assert.False(Aborted);
        Committed = tree;
    }

    public void Abort()
    {
        Assert.Null(Committed);
        Aborted = true;
        _entries.Clear();
    }

    private void Add(TreePath path, string entry)
    {
        AssertParent(path);
        Assert.False(_entries.ContainsKey(path.ToString()), $"{path} is there");
        _entries.Add(path.ToString(), entry);
    }

    private void AssertParent(TreePath path)
    {
        if (!path.Parent.IsRoot)
        {
            Assert.StartsWith("folder", _entries[path.Parent.ToString()], StringComparison.Ordinal);
        }
    }

    private static string Octal(FileMetadata metadata) => Convert.ToString(metadata.Mode, 8);
}
