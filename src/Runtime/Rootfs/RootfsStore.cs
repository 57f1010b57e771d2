using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Unpacked images by tree digest. All of it is a cache: what is missing is unpacked again from the archive's blobs.</summary>
/// <remarks>
/// Only the cache's owner uses it, since an unpacked tree is as its owner may read it: in an archive that belongs to somebody else the
/// cache is <c>$XDG_CACHE_HOME/prov</c>. Both folders are 0700.
/// </remarks>
public sealed class RootfsStore
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly StoreLayout _layout;

    /// <param name="archive">The archive whose images these are.</param>
    /// <param name="userCache">Where to unpack when the archive's own cache is not ours; null for <see cref="DefaultUserCache"/>.</param>
    public RootfsStore(StoreLayout archive, string? userCache = null)
    {
        _layout = UsesItsOwn(archive)
            ? archive
            : new StoreLayout(archive.Root, userCache ?? DefaultUserCache());
    }

    /// <summary>The folder of trees.</summary>
    public string Folder => _layout.RootfsCache;

    /// <summary>The folder above it.</summary>
    public string CacheFolder => _layout.Cache;

    /// <summary>The folder of the files that trees share.</summary>
    internal string FilesFolder => _layout.FilesCache;

    /// <summary>The trees that are unpacked, in no order.</summary>
    public IReadOnlyList<Digest> List() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateDirectories(Folder)
            .Select(path => Digest.TryParseHex(Path.GetFileName(path), out var tree) ? tree : null)
            .OfType<Digest>(),
    ];

    /// <summary>Keeps a tree from being removed until it is disposed, at the latest until the process and its container end.</summary>
    public TreeUse Use(Digest tree) => TreeUse.Share(Folder, tree);

    /// <summary><c>$XDG_CACHE_HOME/prov</c>, else <c>~/.cache/prov</c>.</summary>
    public static string DefaultUserCache()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // XDG Base Directory Specification: a path that is not absolute is to be ignored.
        return Path.Combine(Path.IsPathRooted(cache) ? cache : Path.Combine(home, ".cache"), "prov");
    }

    /// <summary>Where a tree is unpacked; null when it is not.</summary>
    public string? Find(Digest tree) => Directory.Exists(_layout.RootfsPath(tree)) ? _layout.RootfsPath(tree) : null;

    /// <summary>Begins to unpack an image; what earlier imports left behind when they were killed is removed.</summary>
    public LayerUnpacker Begin()
    {
        MakeFolders();
        return new LayerUnpacker(_layout.RootfsCache, _layout.FilesCache, MayGiveAway());
    }

    /// <summary>Where the image is unpacked; unpacks it if need be.</summary>
    /// <exception cref="DigestMismatchException">The layers in the archive make another tree.</exception>
    public string Ensure(
        NamedImage image, ImageImporter importer, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        if (Find(image.Tree) is { } found)
            return found;
        // Sixty ranks of a job that find the image missing unpack it once.
        using var turn = TreeTurn.Take(MakeFolders(), image.Tree, cancellation);
        if (Find(image.Tree) is { } unpackedMeanwhile)
            return unpackedMeanwhile;
        using var unpacker = Begin();
        importer.Unpack(image.Manifest, image.Tree, unpacker, progress, cancellation);
        return Find(image.Tree) ?? throw new RuntimeException($"tree '{image.Tree}': was removed while it was unpacked");
    }

    /// <summary>Compares an unpacked tree with its manifest.</summary>
    /// <exception cref="RuntimeException">It is not unpacked.</exception>
    public TreeVerification Verify(Digest tree, IEnumerable<TreeEntry> manifest, CancellationToken cancellation)
    {
        using var verifier = new TreeVerifier(Find(tree) ?? throw new RuntimeException($"tree '{tree}': not unpacked"));
        return verifier.Verify(manifest, cancellation);
    }

    /// <summary>Removes a tree, and the files that no other has, unless a job uses it.</summary>
    public TreeRemovalOutcome Remove(Digest tree)
    {
        if (Find(tree) is null)
            return TreeRemovalOutcome.Absent;
        using var alone = TreeUse.TryHoldAlone(Folder, tree);
        if (alone is null)
            return TreeRemovalOutcome.InUse;
        using (var slot = UnpackSlot.Claim(Files.OpenFolder(_layout.RootfsCache)))
            slot.TakeIn(tree.Hex);
        Prune();
        return TreeRemovalOutcome.Removed;
    }

    /// <summary>Removes the shared files that no tree has.</summary>
    /// <returns>Bytes given back.</returns>
    public long Prune()
    {
        if (!Directory.Exists(_layout.FilesCache))
            return 0;
        using var shared = Files.OpenFolder(_layout.FilesCache);
        return SharedFiles.Prune(shared);
    }

    private string MakeFolders()
    {
        Directory.CreateDirectory(_layout.RootfsCache, Private);
        Directory.CreateDirectory(_layout.FilesCache, Private);
        return _layout.RootfsCache;
    }

    private static bool UsesItsOwn(StoreLayout archive)
    {
        if (Path.Exists(archive.Cache))
            return IsOurs(archive.Cache);
        return Path.Exists(archive.Root) ? IsOurs(archive.Root) : MayMake(archive.Root);
    }

    private static bool IsOurs(string folder)
    {
        if (!Directory.Exists(folder))
            return false;
        using var handle = Files.OpenFolder(folder);
        return Files.Status(handle).Owner == Identity.EffectiveUid && Files.MayAccess(handle, ".", Files.W_OK | Files.X_OK);
    }

    private static bool MayMake(string folder)
    {
        string existing = folder;
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing) ?? "/";
        using var handle = Files.OpenFolder(existing);
        return Files.MayAccess(handle, ".", Files.W_OK | Files.X_OK);
    }

    /// <summary>The root of a user namespace may give files only to the users that are mapped; it keeps them, as an ordinary user does.</summary>
    private static bool MayGiveAway()
    {
        if (Identity.EffectiveUid != 0)
            return false;
        // user_namespaces(7): the initial namespace maps every id to itself, "0 0 4294967295".
        string[] map = File.ReadAllText("/proc/self/uid_map").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return map is ["0", _, "4294967295"];
    }
}
