using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Images.Tar;

namespace Provenance.Archive.Images.Packings;

/// <summary>The members of a tar on disk that is not compressed, opened by their offset.</summary>
internal sealed class PackedTar : IPackedFiles
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MaxLinks = 40;

    private readonly string _shown;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);

    private PackedTar(string shown, SafeFileHandle file)
    {
        _shown = shown;
        _file = file;
    }

    /// <summary>Reads all headers, passing over the contents.</summary>
    /// <param name="shown">What the user calls it.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="limits">How many members it may have.</param>
    public static PackedTar Open(string shown, string path, ImportLimits limits)
    {
        var stream = new FileStream(path, new FileStreamOptions { BufferSize = 1 << 12 });
        var tar = new PackedTar(shown, stream.SafeFileHandle);
        try
        {
            tar.ReadMembers(new TarReader(stream, limits.MaxHeaderBytes), limits);
            return tar;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => Find(name) is not null;

    public PackedFile Open(string name)
    {
        var member = Find(name) ?? throw new ImageException($"image '{_shown}': has no '{name}'");
        return new PackedFile(new SectionStream(_file, member.Offset, member.Size), member.Size);
    }

    public IEnumerable<string> FoldersWith(string fileName) => _members.Keys
        .Where(name => name.EndsWith($"/{fileName}", StringComparison.Ordinal))
        .Select(name => name[..^(fileName.Length + 1)])
        .Where(name => !name.Contains('/', StringComparison.Ordinal));

    public void Dispose() => _file.Dispose();

    private void ReadMembers(TarReader reader, ImportLimits limits)
    {
        while (reader.Next() is { } entry)
        {
            if (entry.Kind == TarEntryKind.Folder)
            {
                continue;
            }

            if (_members.Count == limits.MaxMembers)
            {
                throw new HostileImageException($"image '{_shown}': has more than {limits.MaxMembers} members");
            }

            string name = TreePath.Parse(entry.Name).ToString();
            if (!_members.TryAdd(name, MemberOf(entry, name, reader)))
            {
                throw new HostileImageException($"image '{_shown}': has '{name}' twice");
            }
        }
    }

    private static Member MemberOf(TarEntry entry, string name, TarReader reader) => entry.Kind switch
    {
        TarEntryKind.File when !reader.IsSparse => new Member(reader.Position, entry.Size, null),
        TarEntryKind.HardLink => new Member(0, 0, TreePath.Parse(entry.LinkTarget).ToString()),
        TarEntryKind.SymbolicLink => new Member(0, 0, Beside(name, entry.LinkTarget)),
        _ => throw new HostileImageException($"member {TreePath.Quote(name)}: is neither a file nor a link"),
    };

    /// <summary>Where a link leads: docker save wrote <c>../OTHER/layer.tar</c> for a layer that is there already.</summary>
    private static string Beside(string name, string target)
    {
        var names = new List<string>(TreePath.Parse(name).Parent.Names());
        foreach (string part in target.Split('/'))
        {
            if (part == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (part is ".." || target.StartsWith('/'))
            {
                throw new HostileImageException($"member {TreePath.Quote(name)}: leads out of the archive by a link");
            }
            else if (part is not ("" or "."))
            {
                names.Add(part);
            }
        }

        return string.Join('/', names);
    }

    private Member? Find(string name)
    {
        for (int links = 0; links <= MaxLinks; links++)
        {
            if (!_members.TryGetValue(name, out var member) || member.Target is null)
            {
                return member;
            }

            name = member.Target;
        }

        throw new HostileImageException($"member {TreePath.Quote(name)}: leads through more than {MaxLinks} links");
    }

    /// <summary>One member: data in the file, or another member that a link leads to.</summary>
    private sealed record Member(long Offset, long Size, string? Target);
}
