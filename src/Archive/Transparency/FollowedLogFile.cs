using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>Where it is kept what was last seen of a log, and what proves that its key signed contradictions.</summary>
/// <remarks>
/// One audit at a time: between looking at what was seen and keeping what is seen now no other may keep something newer
/// (C2SP tlog-witness.md, "must be performed atomically").
/// </remarks>
public sealed class FollowedLogFile : IDisposable
{
    private readonly string _path;
    private readonly FolderSync _sync;
    private readonly FileStream _lock;

    private FollowedLogFile(string path, FolderSync sync, FileStream held)
    {
        _path = path;
        _sync = sync;
        _lock = held;
    }

    /// <summary>The place in an archive for the state of a log.</summary>
    /// <param name="layout">The archive.</param>
    /// <param name="place">Of the log, as <see cref="LogPlace.NameOf"/> has it.</param>
    public static string DefaultPath(StoreLayout layout, string place) =>
        Path.Combine(layout.Audits, Digest.Of(Encoding.UTF8.GetBytes(place)).Hex[..16]);

    /// <exception cref="LogException">Another audit has it.</exception>
    public static FollowedLogFile Open(string path, FolderSync sync)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            return new FollowedLogFile(
                Path.GetFullPath(path), sync, new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new LogException($"state '{path}': another audit has it", e);
        }
    }

    /// <returns>Null when the log was never seen.</returns>
    /// <exception cref="LogException">The file is none.</exception>
    public FollowedLog? Find()
    {
        try
        {
            return File.Exists(_path) ? FollowedLog.Parse(File.ReadAllBytes(_path)) : null;
        }
        catch (LogException e)
        {
            throw new LogException($"state '{_path}': {e.Message}", e);
        }
    }

    public void Keep(FollowedLog log) => AtomicFile.Write(_path, log.ToBytes(), _sync);

    /// <summary>Keeps both notes, as they were signed, in a folder named for the second.</summary>
    /// <returns>The folder.</returns>
    public string KeepEvidence(SignedCheckpoint seen, SignedCheckpoint found)
    {
        string folder = $"{_path}.evidence-{Digest.Of(found.ToBytes()).Hex[..16]}";
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "seen"), seen.ToBytes(), _sync);
        AtomicFile.Write(Path.Combine(folder, "found"), found.ToBytes(), _sync);
        _sync(Path.GetDirectoryName(folder)!);
        return folder;
    }

    public void Dispose() => _lock.Dispose();
}
