using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>A laboratory's certification authority: <c>keys/authority/</c> with key, certificate and list of what it has withdrawn.</summary>
/// <remarks>It signs no records.</remarks>
public sealed class CertificateAuthority : IDisposable
{
    private const int Years = 20;
    private const int MaxRequestBytes = 1 << 16;

    /// <summary>RFC 5280 §4.2.1.9: it vouches for signers, and for no other authority.</summary>
    private const int NoAuthoritiesBelow = 0;

    /// <summary>How long a list of withdrawn certificates is said to be current.</summary>
    private static readonly TimeSpan ListValidity = TimeSpan.FromDays(90);

    private readonly X509Certificate2 _certificate;
    private readonly string _folder;
    private readonly FolderSync _sync;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, string folder, FolderSync sync, TimeProvider time)
    {
        _certificate = certificate;
        _folder = folder;
        _sync = sync;
        _time = time;
    }

    /// <summary>What others put into their trust/.</summary>
    public string CertificatePath => Path.Combine(_folder, "cert.pem");

    /// <summary>What others put beside it.</summary>
    public string ListPath => Path.Combine(_folder, "withdrawn.crl");

    public SignerCertificate Certificate => SignerCertificate.Of(_certificate);

    /// <summary>Makes a key on P-384, a certificate for 20 years, and a list on which nobody is.</summary>
    /// <param name="layout">The archive.</param>
    /// <param name="name">Of the laboratory or centre, 1 to 64 characters.</param>
    /// <param name="sync">Makes a folder durable.</param>
    /// <param name="time">Now.</param>
    /// <param name="encrypted">By the passphrase in the file that PROV_PASSPHRASE_FILE names.</param>
    /// <exception cref="TrustException">There is one already, or no passphrase.</exception>
    public static CertificateAuthority Create(StoreLayout layout, string name, FolderSync sync, TimeProvider time, bool encrypted = false)
    {
        string? passphrase = encrypted ? KeyPassphrase.Read(layout.Authority, isNew: true) : null;
        if (Directory.Exists(layout.Authority))
        {
            throw new TrustException(layout.Authority, "there is a certification authority already");
        }

        using var key = NewKey.Make(KeyAlgorithm.P384);
        var request = key.Request(name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, NoAuthoritiesBelow, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(
            request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256, critical: false));
        var now = time.GetUtcNow();
        using var certificate = request.Create(
            request.SubjectName, key.Generator, now - SigningKey.ClockTolerance, now.AddYears(Years), CertificateSerial.Of(request.PublicKey));
        Directory.CreateDirectory(layout.Authority);
        AtomicFile.Write(Path.Combine(layout.Authority, "key.pem"), Encoding.ASCII.GetBytes(key.Pem(passphrase)), sync, PrivateFile.OnlyOwner);
        AtomicFile.Write(Path.Combine(layout.Authority, "cert.pem"), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), sync);
        sync(layout.Keys);
        var made = new CertificateAuthority(key.With(certificate), layout.Authority, sync, time);
        made.PublishList();
        return made;
    }

    /// <exception cref="TrustException">There is none, or its key cannot be read or is open to others.</exception>
    public static CertificateAuthority Open(StoreLayout layout, FolderSync sync, TimeProvider time)
    {
        string keyPath = Path.Combine(layout.Authority, "key.pem");
        if (!File.Exists(keyPath))
        {
            throw new TrustException(layout.Authority, "there is no certification authority here; prov key init --ca makes one");
        }

        string keyPem = PrivateFile.Read(keyPath);
        try
        {
            string pem = File.ReadAllText(Path.Combine(layout.Authority, "cert.pem"));
            return new CertificateAuthority(NewKey.Read(pem, keyPem, keyPath), layout.Authority, sync, time);
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException)
        {
            throw new TrustException(keyPath, $"the key cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Certifies the key of a request under the name in it. Nothing else of the request is taken over.</summary>
    /// <param name="requestPem">PKCS#10, PEM; it must be signed by its own key.</param>
    /// <param name="validity">How long the certificate is good.</param>
    /// <returns>The certificate, PEM.</returns>
    /// <exception cref="TrustException">It is no request, or of a key we do not sign with.</exception>
    public string Issue(string requestPem, TimeSpan validity)
    {
        var asked = ReadRequest(requestPem);
        var request = new CertificateRequest(asked.SubjectName, asked.PublicKey, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Oids.EmailProtection)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(
            request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var now = _time.GetUtcNow();
        var until = now + validity;
        if (until > _certificate.NotAfter.ToUniversalTime())
        {
            throw new TrustException(CertificatePath, $"vouches until {_certificate.NotAfter.ToUniversalTime():u} alone, and was asked for {until:u}");
        }

        using var key = NewKey.Of(_certificate);
        using var issued = request.Create(
            _certificate.SubjectName, key.Generator, now - SigningKey.ClockTolerance, until, CertificateSerial.Of(request.PublicKey, now));
        return issued.ExportCertificatePem() + "\n";
    }

    /// <summary>Withdraws a certificate that it has issued: it is put on the list, which is signed anew. Of one withdrawn before, the date stays.</summary>
    /// <param name="certificatePath">The certificate, PEM.</param>
    /// <param name="reason">Why.</param>
    /// <param name="since">From when on it was not good, such as the day on which its key was stolen; null for now.</param>
    /// <returns>From when on nothing counts that it signed: now, or before.</returns>
    /// <exception cref="TrustException">It is none of this authority, or the time is to come; or the list that is there is none of this authority.</exception>
    public DateTimeOffset Revoke(string certificatePath, X509RevocationReason reason, DateTimeOffset? since = null)
    {
        using var certificate = CertificateFileReader.ReadOne(certificatePath);
        if (!certificate.IssuerName.RawData.AsSpan().SequenceEqual(_certificate.SubjectName.RawData))
        {
            throw new TrustException(certificatePath, $"was issued by {certificate.Issuer}, not by {_certificate.Subject}");
        }

        var now = _time.GetUtcNow();
        if (since > now)
        {
            throw new TrustException(certificatePath, $"cannot be withdrawn from {since:u} on: that is to come");
        }

        var list = ListBefore();
        var from = list.Withdraw(certificate, now, reason, since);
        Publish(list, now);
        return from;
    }

    /// <summary>Signs its list anew, with nobody on it who was not there: who asks for a list of a later day has one.</summary>
    /// <returns>Until when it holds.</returns>
    /// <exception cref="TrustException">The list that is there is none of this authority.</exception>
    public DateTimeOffset PublishList() => Publish(ListBefore(), _time.GetUtcNow());

    private RevocationListWriter ListBefore()
    {
        var list = new RevocationListWriter();
        if (File.Exists(ListPath))
        {
            // What is not by this authority's own key would get its signature.
            list.Continue(RevocationLists.Load(_folder, [_certificate]).All.Single().Der);
        }

        return list;
    }

    private DateTimeOffset Publish(RevocationListWriter list, DateTimeOffset now)
    {
        byte[] der = list.Sign(_certificate, now, now + ListValidity);
        AtomicFile.Write(ListPath, Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", der) + "\n"), _sync);
        return now + ListValidity;
    }

    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest ReadRequest(string pem)
    {
        if (pem.Length > MaxRequestBytes)
        {
            throw new TrustException("request", $"has {pem.Length} characters, at most {MaxRequestBytes} are read");
        }

        try
        {
            var request = Load(CertificateRequestLoadOptions.SkipSignatureValidation);
            return request.PublicKey.Oid.Value switch
            {
                Oids.EcPublicKey or Oids.RsaEncryption => Load(CertificateRequestLoadOptions.Default),
                Oids.MlDsa65 => IsSignedByMlDsa(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]), request.PublicKey)
                    ? request
                    : throw new TrustException("request", "is not signed by the key that is in it"),
                var other => throw new TrustException("request", $"is of a key of type '{other}', which signs no records"),
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            // The last: a key on a curve that the platform does not know.
            throw new TrustException("request", $"cannot be read: {e.Message.TrimEnd('.')}", e);
        }

        CertificateRequest Load(CertificateRequestLoadOptions options) =>
            CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA384, options, RSASignaturePadding.Pss);
    }

    /// <summary>RFC 2986 §4.2, which the platform checks of other keys.</summary>
    private static bool IsSignedByMlDsa(byte[] der, PublicKey key)
    {
        try
        {
            var request = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            byte[] info = request.ReadEncodedValue().ToArray();
            var algorithm = AlgorithmIdentifier.Read(request);
            byte[] signature = request.ReadBitString(out int unused);
            return algorithm is { Oid: Oids.MlDsa65, Parameters: null } && unused == 0
                && MlDsaKey.Verify(key.EncodedKeyValue.RawData, Oids.MlDsa65, info, signature);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
