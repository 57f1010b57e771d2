using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Care;

/// <summary>Every checkpoint that can be found of this archive's log and that the log's key has signed, wherever it lies.</summary>
/// <remarks>What makes one good is the signature by the key in <c>keys/log/vkey</c>, so that it may come from anywhere.</remarks>
internal sealed class KnownCheckpoints
{
    private readonly StoreLayout _layout;
    private readonly LogKeyStore _keys;
    private readonly IReadOnlyList<VerifierKey> _signers;
    private readonly List<SignedCheckpoint> _all = [];

    public KnownCheckpoints(StoreLayout layout, FolderSync sync, SpareSources sources)
    {
        _layout = layout;
        _keys = new LogKeyStore(layout, sync);
        _signers = FindSigners();
        Current = Add(layout.Checkpoint);
        IsSeenDamaged = Add(_keys.SeenFile) is null && File.Exists(_keys.SeenFile);
        foreach (var archive in sources.Archives.Prepend(layout))
        {
            Add(archive.Checkpoint);
            AddAllIn(archive.Cosigned);
        }

        if (_all.Count == 0)
        {
            AddProofs();
        }
    }

    /// <summary>That of the log itself; null when it is missing, or not signed by the log's key although there is one.</summary>
    public SignedCheckpoint? Current { get; }

    /// <summary>Whether what the key remembers having signed last is not what it signed.</summary>
    public bool IsSeenDamaged { get; }

    public IReadOnlyList<SignedCheckpoint> All => _all;

    /// <summary>The one of the most entries: what the log must be, for its key said so. The log's own where it is of as many.</summary>
    public SignedCheckpoint? Newest => _all.MaxBy(known => known.Tree.Size) is { } newest && newest.Tree.Size > (Current?.Tree.Size ?? -1)
        ? newest
        : Current;

    /// <summary>The log's key, and those that it followed.</summary>
    private IReadOnlyList<VerifierKey> FindSigners()
    {
        try
        {
            return LogRotation.KeysOf(_layout);
        }
        catch (LogException)
        {
            return LogKeyStore.FindVerifier(_layout) is { } own ? [own] : []; // a rotation is damaged
        }
        catch (TrustException)
        {
            return []; // fsck tells of it
        }
    }

    private void AddAllIn(string folder)
    {
        foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            Add(path);
        }
    }

    private void AddProofs()
    {
        foreach (string path in Directory.Exists(_layout.Proofs) ? Directory.EnumerateFiles(_layout.Proofs) : [])
        {
            TryAdd(path, bytes => TlogProof.Parse(bytes).Checkpoint);
        }
    }

    private SignedCheckpoint? Add(string path) => TryAdd(path, bytes => SignedCheckpoint.Parse(bytes));

    private SignedCheckpoint? TryAdd(string path, Func<byte[], SignedCheckpoint> parse)
    {
        try
        {
            var file = new FileInfo(path);
            if (file is { Exists: true, LinkTarget: null, Length: > 0 and <= 2 * SignedNote.MaxBytes }
                && parse(File.ReadAllBytes(path)) is var found && IsOurs(found, path))
            {
                _all.Add(found);
                return found;
            }
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            // What is no checkpoint is none; where it should be one, fsck tells of it.
        }

        return null;
    }

    /// <summary>A log that has no key yet is as its own folder says; nobody else may say so.</summary>
    private bool IsOurs(SignedCheckpoint found, string path) => _signers.Count == 0
        ? path == _layout.Checkpoint && !found.IsSigned
        : found.Checkpoint.Origin == _signers[0].Name && found.Verify(KnownKeys.Of(_signers)).Log is not null;
}
