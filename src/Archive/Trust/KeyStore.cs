using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>The keys of an archive: <c>keys/ID/key.pem</c> and <c>keys/ID/cert.pem</c>, in <c>keys/active</c> the ID of the one that signs,
/// and in <c>keys/second</c> that of one that endorses whatever the other signs; there need be none.</summary>
/// <remarks>An ID is the first 16 hex digits of the certificate's fingerprint. Old keys stay, so that what they signed stays trusted.</remarks>
public sealed class KeyStore(StoreLayout layout, FolderSync sync, TimeProvider time)
{
    private const int IdLength = 16;
    private const string CertificateFile = "cert.pem";
    private const string KeyFile = "key.pem";
    private const string ActiveName = "active", SecondName = "second";

    private readonly string _activeFile = Path.Combine(layout.Keys, ActiveName);
    private readonly string _secondFile = Path.Combine(layout.Keys, SecondName);

    /// <summary>Whether the key that signs, or the second one, is encrypted; false also where there is none.</summary>
    /// <exception cref="TrustException">It cannot be read.</exception>
    public bool IsEncrypted(bool second) => ReadId(second ? _secondFile : _activeFile) is { } id
        && KeyPassphrase.IsEncrypted(PrivateFile.Read(Path.Combine(layout.Keys, id, KeyFile)));

    /// <summary>Whether there is a key that signs; it is not read.</summary>
    public bool HasKey => File.Exists(_activeFile);

    /// <summary>Makes sure before anything begins that the key will sign, when that takes a passphrase.</summary>
    /// <exception cref="TrustException">It takes one, and there is none, or another.</exception>
    public void RequirePassphrase()
    {
        foreach (string id in ((string?[])[ReadId(_activeFile), ReadId(_secondFile)]).OfType<string>())
        {
            if (KeyPassphrase.IsEncrypted(PrivateFile.Read(Path.Combine(layout.Keys, id, KeyFile))))
            {
                Load(Path.Combine(layout.Keys, id)).Dispose();
            }
        }
    }

    /// <summary>Those of the two keys that are encrypted, opened by the passphrase, for an agent to hold.</summary>
    /// <exception cref="TrustException">There is no passphrase, or another.</exception>
    public IReadOnlyList<HeldKey> Unlock()
    {
        var held = new List<HeldKey>();
        foreach (var (id, does) in ((string?, string)[])[(ReadId(_activeFile), "signs"), (ReadId(_secondFile), "endorses")])
        {
            string folder = Path.Combine(layout.Keys, id ?? "");
            if (id is not null && KeyPassphrase.IsEncrypted(PrivateFile.Read(Path.Combine(folder, KeyFile))))
            {
                var key = Load(folder, byAgent: false);
                byte[] publicKey = key.Certificate.PublicKey.ExportSubjectPublicKeyInfo();
                held.Add(new HeldKey(publicKey, $"{id} of {key.Signer.Name}, which {does}", data => key.Generator.SignData(data, key.Hash), key));
            }
        }

        return held;
    }

    /// <summary>The key that signs; null when there is none yet.</summary>
    /// <exception cref="TrustException">The key cannot be read, or others can read it.</exception>
    public SigningKey? Find() => ReadId(_activeFile) is { } id ? Load(Path.Combine(layout.Keys, id)) : null;

    /// <summary>The key that endorses whatever the other signs; null when there is none.</summary>
    /// <exception cref="TrustException">The key cannot be read, or others can read it.</exception>
    public SigningKey? FindSecond() => ReadId(_secondFile) is { } id ? Load(Path.Combine(layout.Keys, id)) : null;

    /// <summary>Signs with a key of the archive from now on, or endorses with it.</summary>
    /// <param name="key">One of <see cref="List"/>.</param>
    /// <param name="second">Whether it endorses what the other signs.</param>
    /// <exception cref="TrustException">One key cannot be both; or it cannot be read.</exception>
    public void Use(StoredKey key, bool second = false)
    {
        string id = key.Signer.Fingerprint.Hex[..IdLength];
        if (ReadId(second ? _activeFile : _secondFile) == id)
        {
            throw new TrustException(
                key.CertificatePath, second ? "is of the key that signs, and cannot be the second" : "is of the second key, and cannot be the one that signs");
        }

        Load(Path.Combine(layout.Keys, id)).Dispose();
        AtomicFile.Write(second ? _secondFile : _activeFile, Encoding.ASCII.GetBytes(id + "\n"), sync);
    }

    /// <summary>A key of the archive signs and endorses no more.</summary>
    /// <returns>Whether it did.</returns>
    public bool Retire(StoredKey key)
    {
        string id = key.Signer.Fingerprint.Hex[..IdLength];
        foreach (string role in ((string[])[_activeFile, _secondFile]).Where(role => ReadId(role) == id))
        {
            File.Delete(role);
            sync(layout.Keys);
            return true;
        }

        return false;
    }

    /// <summary>No key endorses from now on.</summary>
    /// <returns>Whether one did.</returns>
    public bool DropSecond()
    {
        bool was = File.Exists(_secondFile);
        File.Delete(_secondFile);
        sync(layout.Keys);
        return was;
    }

    /// <summary>Makes a key, keeps it, and signs with it from now on, or endorses with it.</summary>
    /// <param name="name">The person's name.</param>
    /// <param name="algorithm">Of the key.</param>
    /// <param name="encrypted">By the passphrase in the file that PROV_PASSPHRASE_FILE names.</param>
    /// <param name="second">Whether it endorses what the other signs.</param>
    /// <exception cref="TrustException">There is no passphrase.</exception>
    public SigningKey Create(
        string name, KeyAlgorithm algorithm = KeyAlgorithm.P256, bool encrypted = false, bool second = false, SignerContacts? contacts = null)
    {
        string? passphrase = encrypted ? KeyPassphrase.Read(layout.Keys, isNew: true) : null;
        using var made = SigningKey.Create(name, time.GetUtcNow(), algorithm, contacts);
        string role = second ? _secondFile : _activeFile;
        Keep(made.Signer.Fingerprint, made.KeyPem(passphrase), made.CertificatePem(), role);

        // Somebody else may have made one in the same moment; the one that is active then is everybody's.
        return (second ? FindSecond() : Find()) ?? throw new TrustException(role, "was removed while the key was made");
    }

    /// <summary>Makes a key and keeps it; nothing is signed with it yet but what it is asked for.</summary>
    /// <param name="person">Whose it is: the name, and what else tells who that is, are taken over.</param>
    /// <param name="algorithm">Of the key.</param>
    /// <param name="encrypted">By the passphrase.</param>
    /// <exception cref="TrustException">There is no passphrase.</exception>
    internal SigningKey Prepare(SignerCertificate person, KeyAlgorithm algorithm, bool encrypted)
    {
        string? passphrase = encrypted ? KeyPassphrase.Read(layout.Keys, isNew: true) : null;
        var made = SigningKey.Create(person.Name, time.GetUtcNow(), algorithm, person.Contacts);
        KeepFiles(made.Signer.Fingerprint, made.KeyPem(passphrase), made.CertificatePem());
        return made;
    }

    /// <summary>Signs from now on with a key that is kept, or endorses.</summary>
    internal void Choose(Digest fingerprint, bool second) =>
        AtomicFile.Write(second ? _secondFile : _activeFile, Encoding.ASCII.GetBytes(fingerprint.Hex[..IdLength] + "\n"), sync);

    /// <summary>Takes a key that was made elsewhere, with its certificate, and signs with it from now on, or endorses.</summary>
    /// <param name="path">PKCS#12 or PEM.</param>
    /// <param name="encrypted">Whether it is encrypted here; by the passphrase that opens the file, when that takes one.</param>
    /// <param name="second">Whether it endorses what the other signs.</param>
    /// <exception cref="TrustException">It cannot be read, or its signatures would not be accepted.</exception>
    public SigningKey Import(string path, bool encrypted = false, bool second = false)
    {
        using var key = ForeignKeyFile.Read(path);
        RequireAccepted(key, path);
        string? passphrase = encrypted ? KeyPassphrase.Read(layout.Keys, isNew: true) : null;
        string role = second ? _secondFile : _activeFile;
        Keep(key.Signer.Fingerprint, key.KeyPem(passphrase), key.CertificatePem(), role);
        return (second ? FindSecond() : Find()) ?? throw new TrustException(role, "was removed while the key was imported");
    }

    /// <summary>By trying: a signature of it, and whether the certificate may sign records at all.</summary>
    private void RequireAccepted(SigningKey key, string path)
    {
        byte[] trial = "{}"u8.ToArray();
        var now = time.GetUtcNow();
        var tried = CmsVerifier.Verify(trial, CmsSigner.Sign(trial, key, time), TrustedCertificates.FromFiles([]), now);
        string? problem = tried.Outcome != SignatureOutcome.Valid ? tried.Problem
            : TrustedCertificates.Unfit(key.Certificate) ?? (key.Signer.NotAfter < now ? $"the certificate ended on {key.Signer.NotAfter:u}" : null);
        if (problem is not null)
        {
            throw new TrustException(path, $"this key cannot sign records: {problem}");
        }
    }

    /// <summary>Takes the certificate that an authority has issued for one of these keys, which signs with it from now on, or endorses.</summary>
    /// <param name="path">PEM: the certificate, and after it those that vouch for it, if there are any between it and the authority.</param>
    /// <exception cref="TrustException">It is of none of these keys.</exception>
    public SigningKey Install(string path)
    {
        using var certificate = CertificateFileReader.ReadFirst(path);
        byte[] publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        foreach (string known in Certificates(layout))
        {
            using var own = CertificateFileReader.ReadFirst(known);
            if (own.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
            {
                string folder = Path.GetDirectoryName(known)!;
                bool second = Path.GetFileName(folder) == ReadId(_secondFile);
                string role = second ? _secondFile : _activeFile;
                Keep(Digest.Of(certificate.RawDataMemory.Span), PrivateFile.Read(Path.Combine(folder, KeyFile)), File.ReadAllText(path), role);
                return (second ? FindSecond() : Find()) ?? throw new TrustException(role, "was removed while the certificate was installed");
            }
        }

        throw new TrustException(path, "is a certificate of none of this archive's keys");
    }

    private void Keep(Digest fingerprint, string keyPem, string certificatePem, string role)
    {
        KeepFiles(fingerprint, keyPem, certificatePem);
        AtomicFile.Write(role, Encoding.ASCII.GetBytes(fingerprint.Hex[..IdLength] + "\n"), sync);
    }

    private void KeepFiles(Digest fingerprint, string keyPem, string certificatePem)
    {
        string id = fingerprint.Hex[..IdLength];
        string folder = Path.Combine(layout.Keys, id);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, KeyFile), Encoding.ASCII.GetBytes(keyPem), sync, PrivateFile.OnlyOwner);
        AtomicFile.Write(Path.Combine(folder, CertificateFile), Encoding.ASCII.GetBytes(certificatePem), sync);
        sync(layout.Keys);
    }

    /// <summary>Every key, in order of its ID.</summary>
    public IReadOnlyList<StoredKey> List()
    {
        string? active = ReadId(_activeFile);
        string? second = ReadId(_secondFile);
        return [.. Certificates(layout).Select(path => Describe(path, active, second))];
    }

    /// <summary>The files that say which keys sign: worth nothing where the private keys are not.</summary>
    internal static IReadOnlyList<string> Choices(StoreLayout layout) => [Path.Combine(layout.Keys, ActiveName), Path.Combine(layout.Keys, SecondName)];

    /// <summary>SHA-256 of the certificates of the archive's own keys, also of those that sign no longer.</summary>
    internal static IReadOnlySet<Digest> OwnCertificates(StoreLayout layout)
    {
        var own = new HashSet<Digest>();
        foreach (string path in Certificates(layout))
        {
            using var certificate = CertificateFileReader.ReadFirst(path);
            own.Add(SignerCertificate.Of(certificate).Fingerprint);
        }

        return own;
    }

    /// <summary>The certificates of the archive's own keys, in order of path.</summary>
    internal static IEnumerable<string> Certificates(StoreLayout layout) =>
        Directory.Exists(layout.Keys)
            ? Directory.EnumerateDirectories(layout.Keys)
                .Select(folder => Path.Combine(folder, CertificateFile))
                .Where(path => File.Exists(path) && Path.GetDirectoryName(path) != layout.Authority)
                .Order(StringComparer.Ordinal)
            : [];

    private static StoredKey Describe(string certificatePath, string? active, string? second)
    {
        string folder = Path.GetDirectoryName(certificatePath)!;
        using var certificate = CertificateFileReader.ReadFirst(certificatePath);
        return new StoredKey
        {
            Signer = SignerCertificate.Of(certificate),
            IsActive = Path.GetFileName(folder) == active,
            IsSecond = Path.GetFileName(folder) == second,
            Algorithm = AlgorithmOf(certificate),
            CertificatePath = certificatePath,
            KeyPath = Path.Combine(folder, KeyFile),
        };
    }

    private static string AlgorithmOf(X509Certificate2 certificate)
    {
        if (certificate.GetKeyAlgorithm() == Oids.MlDsa65)
        {
            return "ML-DSA-65";
        }

        using var ec = certificate.GetECDsaPublicKey();
        using var rsa = ec is null ? certificate.GetRSAPublicKey() : null;
        return ec is not null ? $"ECDSA P-{ec.KeySize}" : rsa is not null ? $"RSA {rsa.KeySize}" : certificate.GetKeyAlgorithm();
    }

    private static string? ReadId(string file)
    {
        string id;
        try
        {
            id = File.ReadAllText(file).Trim();
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return id.Length == IdLength && id.All(char.IsAsciiHexDigitLower)
            ? id
            : throw new TrustException(file, $"is '{id}', expected the ID of a key");
    }

    /// <summary>An encrypted key is the agent's, where there is one that holds it.</summary>
    private static SigningKey Load(string folder, bool byAgent = true)
    {
        string keyPath = Path.Combine(folder, KeyFile);
        string keyPem = PrivateFile.Read(keyPath);
        try
        {
            string certificatePem = File.ReadAllText(Path.Combine(folder, CertificateFile));
            return byAgent && KeyPassphrase.IsEncrypted(keyPem) && FindAgent(certificatePem) is { } agent
                ? SigningKey.HeldBy(agent, certificatePem)
                : SigningKey.FromPem(certificatePem, keyPem, keyPath);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new TrustException(keyPath, $"the key cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static KeyAgentClient? FindAgent(string certificatePem)
    {
        if (KeyAgentClient.Find() is not { } agent)
        {
            return null;
        }

        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        return agent.Holds(certificate.PublicKey.ExportSubjectPublicKeyInfo()) ? agent : null;
    }
}
