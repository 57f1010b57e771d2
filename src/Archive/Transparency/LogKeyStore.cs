using System.Security.Cryptography;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>The key of an archive's log, in <c>keys/log/</c>: <c>key.pem</c>, <c>vkey</c> for everybody to read, and <c>seen</c>.</summary>
/// <remarks>
/// <c>seen</c> is the last checkpoint that the key signed. It lies outside of the log, so that a log that was rolled back or rewritten is
/// noticed by the next who would sign for it. Specified in schema/FORMAT.d/log.md.
/// </remarks>
public sealed class LogKeyStore(StoreLayout layout, FolderSync sync)
{
    private string KeyFile => Path.Combine(layout.LogKeys, "key.pem");

    /// <summary>A key that is to follow: it does nothing until the rotation that names it is there.</summary>
    private string NextFile => Path.Combine(layout.LogKeys, "next.pem");

    /// <summary>Where the last checkpoint stands that the key signed.</summary>
    internal string SeenFile => Path.Combine(layout.LogKeys, "seen");

    /// <summary>Where the verifier key stands by which the log is judged.</summary>
    internal string PublicFile => VerifierFile(layout);

    /// <summary>The verifier key that is trusted for this archive's log; null before the log has a key.</summary>
    /// <exception cref="TrustException">The file holds no verifier key of a log.</exception>
    public static VerifierKey? FindVerifier(StoreLayout layout)
    {
        string path = VerifierFile(layout);
        return !File.Exists(path) ? null
            : KnownKeys.ReadFile(path) is [{ Role: NoteKeyRole.Log } key] ? key
            : throw new TrustException(path, "does not hold the one key of the log");
    }

    /// <summary>A witness's own key, wherever it lies.</summary>
    /// <exception cref="TrustException">It cannot be read, others may use it, or it is no witness's.</exception>
    public static NoteKey ReadWitness(string path) =>
        Load(path) is { Verifier.Role: NoteKeyRole.Witness } key ? key : throw new TrustException(path, "is no witness's key");

    /// <summary>The key that signs for this origin; made when there is none and the log is not signed yet.</summary>
    /// <param name="origin">Of the log.</param>
    /// <param name="isSigned">Whether the log's checkpoint is signed: no other key would be believed by those who follow it.</param>
    /// <param name="mayAsk">Whether a person may be asked for the passphrase; whoever sequences by the way does not.</param>
    /// <exception cref="TrustException">It cannot be read, is of another log, or only its public half is there.</exception>
    public NoteKey FindOrCreate(string origin, bool isSigned = false, bool mayAsk = false)
    {
        FinishRotation();
        var verifier = FindVerifier(layout);
        if (!File.Exists(KeyFile))
        {
            return verifier is null && !isSigned ? Create(origin) : throw new TrustException(KeyFile, "the log's private key is missing");
        }

        var key = Open(mayAsk);
        if (key.Verifier.Name != origin || key.Verifier.Role != NoteKeyRole.Log)
        {
            throw new TrustException(KeyFile, $"is the key of '{key.Verifier.Name}', the log is '{origin}'");
        }

        if (verifier != key.Verifier)
        {
            // A writer died between the two files.
            WriteVerifier(key);
        }

        return key;
    }

    /// <summary>The public half of the key, which is never encrypted; null when there is no key here.</summary>
    /// <exception cref="TrustException">It cannot be read.</exception>
    internal VerifierKey? FindPublicHalf() => File.Exists(KeyFile) ? ReadVerifier() : null;

    /// <summary>Puts the verifier key back: the caller has made sure which it is.</summary>
    internal void Restore(VerifierKey verifier)
    {
        Directory.CreateDirectory(layout.LogKeys);
        sync(layout.Keys);
        AtomicFile.Write(PublicFile, LineOf(verifier), sync);
    }

    /// <summary>Whether the key takes a passphrase; false also where there is none yet.</summary>
    /// <exception cref="TrustException">It cannot be read.</exception>
    public bool IsEncrypted => File.Exists(KeyFile) && KeyPassphrase.IsEncrypted(PrivateFile.Read(KeyFile));

    /// <summary>Makes sure before anything begins that the key will sign, when that takes a passphrase. Who may be asked is asked.</summary>
    /// <exception cref="TrustException">It takes one, and there is none, or another.</exception>
    public void RequirePassphrase()
    {
        if (IsEncrypted)
        {
            _ = FindAgent(ReadVerifier()) is null ? Load(KeyFile) : null;
        }
    }

    /// <summary>Encrypts the key, which stays the same, by the passphrase of the keys that sign records.</summary>
    /// <exception cref="TrustException">There is no key yet, or no passphrase.</exception>
    public VerifierKey Encrypt()
    {
        var key = File.Exists(KeyFile) ? Load(KeyFile) : throw NoKey();
        Keep(key, KeyPassphrase.Read(KeyFile, isNew: true));
        return key.Verifier;
    }

    /// <summary>The key, opened by the passphrase, for an agent to hold; null when it is not encrypted.</summary>
    /// <exception cref="TrustException">There is no passphrase, or another.</exception>
    public HeldKey? Unlock()
    {
        if (!IsEncrypted)
        {
            return null;
        }

        var key = Load(KeyFile);
        return new HeldKey(key.Verifier.PublicKeyInfo(), $"{key.Verifier.Label}, which signs the log", key.SignBytes);
    }

    /// <summary>The last checkpoint that was signed; null before the first.</summary>
    /// <exception cref="LogException">The file is no checkpoint.</exception>
    public SignedCheckpoint? FindSeen()
    {
        try
        {
            return SignedCheckpoint.Parse(File.ReadAllBytes(SeenFile));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (LogException e)
        {
            throw new LogException($"last checkpoint that was signed, '{SeenFile}': {e.Message}", e);
        }
    }

    /// <summary>Remembers what was signed. An older one after a crash is no harm, for it is the beginning of the newer.</summary>
    public void KeepSeen(SignedCheckpoint checkpoint) => AtomicFile.Write(SeenFile, checkpoint.ToBytes(), static _ => { });

    /// <summary>Puts the verifier key beside the log, if it does not stand there.</summary>
    public void Publish(VerifierKey key)
    {
        byte[] line = LineOf(key);
        if (!File.Exists(layout.PublishedLogKey) || !File.ReadAllBytes(layout.PublishedLogKey).AsSpan().SequenceEqual(line))
        {
            AtomicFile.Write(layout.PublishedLogKey, line, sync);
        }
    }

    private static string VerifierFile(StoreLayout layout) => Path.Combine(layout.LogKeys, "vkey");

    private static byte[] LineOf(VerifierKey key) => Encoding.UTF8.GetBytes($"{key}\n");

    private NoteKey Create(string origin)
    {
        var key = NoteKey.Create(origin, NoteKeyRole.Log);
        Directory.CreateDirectory(layout.LogKeys);
        sync(layout.Root);
        sync(layout.Keys);
        Keep(key, passphrase: null);
        WriteVerifier(key);
        return key;
    }

    private void WriteVerifier(NoteKey key) => AtomicFile.Write(VerifierFile(layout), LineOf(key.Verifier), sync);

    private TrustException NoKey() => new(KeyFile, "the log has no key yet: the first record makes it");

    private void Keep(NoteKey key, string? passphrase) =>
        AtomicFile.Write(KeyFile, Encoding.UTF8.GetBytes(key.ToText(passphrase)), sync, PrivateFile.OnlyOwner);

    /// <summary>A key that is to follow the one that signs.</summary>
    /// <exception cref="TrustException">It is to be encrypted, and there is no passphrase.</exception>
    internal NoteKey Prepare(string origin, bool encrypted)
    {
        var made = NoteKey.Create(origin, NoteKeyRole.Log);
        string? passphrase = encrypted ? KeyPassphrase.Read(KeyFile, isNew: true) : null;
        AtomicFile.Write(NextFile, Encoding.UTF8.GetBytes(made.ToText(passphrase)), sync, PrivateFile.OnlyOwner);
        return made;
    }

    /// <summary>Puts the key that is to follow in its place, when the rotation that names it is there: also for a writer that died in between.</summary>
    internal void FinishRotation()
    {
        if (File.Exists(NextFile) && FindVerifier(layout) is { } own
            && NoteKey.ParseVerifier(PrivateFile.Read(NextFile)) is var next && LogRotation.Find(layout, own)?.New == next)
        {
            File.Move(NextFile, KeyFile, overwrite: true);
            sync(layout.LogKeys);
            AtomicFile.Write(VerifierFile(layout), LineOf(next), sync);
        }
    }

    private NoteKey Open(bool mayAsk) => IsEncrypted && ReadVerifier() is var verifier && FindAgent(verifier) is { } agent
        ? NoteKey.HeldBy(agent, verifier)
        : Load(KeyFile, mayAsk);

    private VerifierKey ReadVerifier()
    {
        try
        {
            return NoteKey.ParseVerifier(PrivateFile.Read(KeyFile));
        }
        catch (LogException e)
        {
            throw Unreadable(KeyFile, e);
        }
    }

    private static KeyAgentClient? FindAgent(VerifierKey key) =>
        KeyAgentClient.Find() is { } agent && agent.Holds(key.PublicKeyInfo()) ? agent : null;

    private static NoteKey Load(string path, bool mayAsk = true)
    {
        try
        {
            return NoteKey.Parse(PrivateFile.Read(path), path, mayAsk);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogException or CryptographicException)
        {
            throw Unreadable(path, e);
        }
    }

    private static TrustException Unreadable(string path, Exception e) => new(path, $"the key cannot be read: {e.Message.TrimEnd('.')}", e);
}
