using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Web.Registry.Pushing;

/// <summary>What one owner's clients have begun to send: sessions that grow, and finished blobs that no manifest names yet. Nobody else sees them.</summary>
/// <remarks>
/// A session is a file, its offset the file's length, so that it goes on after the server was restarted. Each is written by one request at a time:
/// the file is opened for it alone. What lies for a week is removed.
/// </remarks>
internal sealed partial class UploadRoom
{
    private const int SessionBytes = 16;
    private const string SessionsFolder = "sessions";
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    private readonly string _sessions;

    public UploadRoom(StoreLayout layout, string owner, FolderSync sync)
    {
        string folder = Path.Combine(layout.Uploads, NameOf(owner).Hex);
        _sessions = Path.Combine(folder, SessionsFolder);
        Blobs = new BlobStore(new StoreLayout(folder), sync);
    }

    /// <summary>What an owner is called where names may be anything.</summary>
    public static Digest NameOf(string owner) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(owner));

    /// <summary>What has arrived whole.</summary>
    public BlobStore Blobs { get; }

    /// <summary>Bytes that lie here.</summary>
    public long Bytes => BytesBelow(Blobs.Layout.Root);

    /// <summary>The same of everybody.</summary>
    public static long BytesOfAll(StoreLayout layout) => BytesBelow(layout.Uploads);

    /// <returns>The name of a new session.</returns>
    public string Begin()
    {
        Directory.CreateDirectory(_sessions);
        string name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SessionBytes));
        File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.Write).Dispose();
        return name;
    }

    /// <summary>Opens a session for this request alone, at its end.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="IOException">Another request writes it.</exception>
    public FileStream? Open(string session)
    {
        try
        {
            var file = new FileStream(PathOf(session), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            file.Seek(0, SeekOrigin.End);
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a finished session a blob.</summary>
    /// <param name="session">Of this request alone.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="budget">Its owner's.</param>
    /// <exception cref="DigestMismatchException">It is not what it should be; the session stays.</exception>
    public void Finish(FileStream session, string name, Digest expected, UploadBudget budget)
    {
        session.Seek(0, SeekOrigin.Begin);
        Directory.CreateDirectory(Blobs.Layout.Blobs);
        var actual = Digest.Of(session);
        if (actual != expected)
        {
            throw new DigestMismatchException(actual, expected);
        }

        RandomAccess.FlushToDisk(session.SafeFileHandle);
#pragma warning disable CA3003 // a name of ours is all that PathOf lets through
        budget.Move(() => File.Move(PathOf(name), Blobs.Layout.BlobPath(expected), overwrite: true));
#pragma warning restore CA3003
        Blobs.SyncNames();
    }

    /// <returns>False when there is none.</returns>
    public bool Cancel(string session) => Remove(PathOf(session));

    /// <summary>Removes a finished blob, if it is still here: the archive has it.</summary>
    public void Drop(Digest blob) => Remove(Blobs.Layout.BlobPath(blob));

    /// <summary>Removes what has not grown for a week, of everybody.</summary>
    public static void Tidy(StoreLayout layout, DateTimeOffset now)
    {
        foreach (var file in FilesBelow(layout.Uploads).Where(file => now - file.LastWriteTimeUtc > Patience))
        {
            file.Delete();
        }
    }

    /// <summary>Also where there is no folder yet.</summary>
    private static bool Remove(string path)
    {
        bool isThere = File.Exists(path);
        if (isThere)
        {
            File.Delete(path);
        }

        return isThere;
    }

    /// <summary>What goes away meanwhile takes no room.</summary>
    private static long BytesBelow(string folder) => FilesBelow(folder).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>But for promises, which are nothing yet.</summary>
    private static IEnumerable<FileInfo> FilesBelow(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file.DirectoryName) != StoreLayout.PromisedName)
        : [];

    /// <summary>A name that we gave, or one that names no file.</summary>
    private string PathOf(string session) =>
        Path.Combine(_sessions, SessionName().IsMatch(session) ? session : "none");

    [GeneratedRegex(@"\A[0-9a-f]{32}\z")]
    private static partial Regex SessionName();
}
