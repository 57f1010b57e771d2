using Microsoft.Win32.SafeHandles;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Compares an unpacked tree with its manifest: every entry and content, and that there is nothing else.</summary>
/// <remarks>Not compared: what is not put on disk (see <see cref="DiskMetadata"/>), and extended attributes, which not every file system keeps.</remarks>
internal sealed class TreeVerifier : IDisposable
{
    private const int CopyBytes = 1 << 17;

    /// <summary>The kernel clears set-gid of a folder when its group is not one of ours.</summary>
    private const int ComparedBits = 0b001_111_111_111;
    private const int OwnerRead = 0b100_000_000;

    private readonly SafeFileHandle _root;
    private readonly FolderHandles _folders;
    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private readonly List<string> _differences = [];
    private readonly List<string> _unread = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(CopyBytes);

    public TreeVerifier(string tree)
    {
        _root = Files.OpenFolder(tree);
        _folders = new FolderHandles(_root);
    }

    public TreeVerification Verify(IEnumerable<TreeEntry> manifest, CancellationToken cancellation)
    {
        foreach (var entry in manifest)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isMade = entry.Type is not (TreeEntryType.CharacterDevice or TreeEntryType.BlockDevice);
            if (isMade && _expected.Add(entry.Path))
                Compare(entry);
        }

        FindUnexpected(_root, "");
        return new TreeVerification { Differences = _differences, Unread = _unread };
    }

    public void Dispose()
    {
        _folders.Dispose();
        _root.Dispose();
    }

    private void Compare(TreeEntry entry)
    {
        try
        {
            var (folder, name) = _folders.Split(entry.Path);
            var error = Files.TryStatus(folder, name, out var status);
            if (error == Errno.None)
                Compare(entry, folder, name, status);
            else
                Differ(entry, $"is missing ({error})");
        }
        catch (SyscallException e)
        {
            Differ(entry, e.Message);
        }
    }

    private void Compare(TreeEntry entry, SafeFileHandle folder, string name, FileStatus status)
    {
        if (status.Type != TypeOf(entry.Type))
        {
            Differ(entry, $"is no {entry.Type.ToString().ToLowerInvariant()}");
            return;
        }

        int mode = Convert.ToInt32(entry.Mode, 8) & ComparedBits;
        if (!status.IsLink && (status.Mode & ComparedBits) != mode)
            Differ(entry, $"has mode {Octal(status.Mode & ComparedBits)}, expected {Octal(mode)}");
        if (status.IsLink && Files.ReadLink(folder, name) is var target && target != entry.Target)
            Differ(entry, $"leads to '{target}', expected '{entry.Target}'");
        if (status.IsFile)
            CompareContent(entry, folder, name, status);
    }

    private void CompareContent(TreeEntry entry, SafeFileHandle folder, string name, FileStatus status)
    {
        if (status.Size != entry.Size)
        {
            Differ(entry, $"has {status.Size} bytes, expected {entry.Size}");
            return;
        }

        if ((status.Mode & OwnerRead) == 0 && !Files.MayAccess(folder, name, Files.R_OK))
        {
            _unread.Add(entry.Path);
            return;
        }

        var expected = new Descriptor
        {
            MediaType = MediaTypes.OctetStream,
            Digest = Digest.TryParseHex(entry.Sha256, out var digest) ? digest : throw NoDigest(entry),
            Size = status.Size,
        };
        using var content = new FileStream(Files.Open(folder, name, Files.O_RDONLY | Files.O_NONBLOCK), FileAccess.Read, 0);
        using var verifying = new VerifyingStream(content, expected);
        try
        {
            while (verifying.Read(_buffer) > 0)
            {
                // Only the digest at the end counts.
            }
        }
        catch (ArchiveException e)
        {
            Differ(entry, e.Message);
        }
    }

    private void FindUnexpected(SafeFileHandle parent, string path)
    {
        var error = Files.TryOpen(parent, ".", Files.O_RDONLY | Files.O_DIRECTORY, 0, out var listed);
        using (listed)
        {
            if (error != Errno.None)
            {
                _unread.Add(path);
                return;
            }

            foreach (var item in Files.List(listed, path))
                CheckExpected(listed, item.Name, path.Length == 0 ? item.Name : $"{path}/{item.Name}");
        }
    }

    private void CheckExpected(SafeFileHandle folder, string name, string path)
    {
        if (!_expected.Contains(path))
        {
            if (!MountPlaceholders.IsOne(path))
                _differences.Add($"'{path}' is not in the manifest");
            return;
        }

        if (!Files.Status(folder, name).IsFolder)
            return;
        using var child = Files.Open(folder, name, Files.O_PATH | Files.O_DIRECTORY);
        FindUnexpected(child, path);
    }

    private void Differ(TreeEntry entry, string how) => _differences.Add($"'{entry.Path}' {how}");

    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    private static RuntimeException NoDigest(TreeEntry entry) => new($"tree manifest: file '{entry.Path}' has no sha256");

    private static uint TypeOf(TreeEntryType type) => type switch
    {
        TreeEntryType.File => Files.S_IFREG,
        TreeEntryType.Folder => Files.S_IFDIR,
        TreeEntryType.Link => Files.S_IFLNK,
        TreeEntryType.Fifo => Files.S_IFIFO,
        _ => 0,
    };
}
