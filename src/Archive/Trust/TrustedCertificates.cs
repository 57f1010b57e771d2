using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Who is trusted in this archive: its own keys, the certificates in <c>trust/*.pem</c>, and whom the authorities among those vouch for;
/// whose time is believed here (<c>trust/tsa/*.pem</c>), and who is no longer trusted (<c>trust/*.crl</c>, <c>trust/withdrawn.toml</c>).</summary>
/// <remarks>Nothing else is asked: no system store, no network. A certificate in a message is a hint on the way to one of ours.</remarks>
public sealed class TrustedCertificates
{
    private CertificateSet _certificates = new();
    private RevocationLists _revocations = RevocationLists.None;
    private WithdrawnCertificates _withdrawn = WithdrawnCertificates.None;

    private Successions? _successions;
    private KeptRevocationLists? _kept;

    private TrustedCertificates()
    {
    }

    /// <summary>The revocation lists in trust/.</summary>
    internal RevocationLists RevocationLists => _revocations;

    /// <summary>Authorities in trust/.</summary>
    internal IReadOnlyCollection<X509Certificate2> Authorities => _certificates.Authorities;

    /// <summary>Whose time is believed.</summary>
    public TimestampAuthorities Time { get; private init; } = TimestampAuthorities.None;

    /// <summary>What those who are trusted may do.</summary>
    public TrustPolicy Policy { get; init; } = TrustPolicy.Open;

    /// <param name="layout">The archive.</param>
    /// <param name="policy">In place of the archive's own; null for that.</param>
    /// <exception cref="TrustException">A file in keys/ or trust/ cannot be read.</exception>
    public static TrustedCertificates Load(StoreLayout layout, TrustPolicy? policy = null)
    {
        var trusted = new TrustedCertificates { Time = TimestampAuthorities.Load(layout), Policy = policy ?? TrustPolicy.Load(layout) };
        foreach (string path in KeyStore.Certificates(layout))
        {
            trusted._certificates.Add(CertificateFileReader.ReadFirst(path), "a key of this archive");
        }

        if (Directory.Exists(layout.Trust))
        {
            foreach (string path in Directory.EnumerateFiles(layout.Trust, "*.pem").Order(StringComparer.Ordinal))
            {
                trusted._certificates.AddAll(path, $"trust/{Path.GetFileName(path)}");
            }

            trusted._withdrawn = WithdrawnCertificates.Load(layout);
            trusted._revocations = RevocationLists.Load(layout.Trust, trusted._certificates.Authorities);
        }

        return trusted;
    }

    /// <summary>For a verification outside any archive, such as of a bundle with a certificate the user names.</summary>
    /// <param name="pemFiles">Signers, and authorities that vouch for them.</param>
    /// <param name="time">Whose time is believed; null for nobody's.</param>
    public static TrustedCertificates FromFiles(IEnumerable<string> pemFiles, TimestampAuthorities? time = null)
    {
        var trusted = new TrustedCertificates { Time = time ?? TimestampAuthorities.None };
        foreach (string path in pemFiles)
        {
            trusted._certificates.AddAll(path, path);
        }

        return trusted;
    }

    /// <summary>The same, and besides what records of an archive say of certificates: successors of those trusted here, and revocation lists.</summary>
    /// <param name="blobs">Of that archive.</param>
    /// <param name="evidence">Finds the records.</param>
    /// <param name="time">The clock.</param>
    public TrustedCertificates With(BlobStore blobs, TrustEvidence evidence, TimeProvider time) => new()
    {
        Time = Time,
        Policy = Policy,
        _certificates = _certificates,
        _revocations = _revocations,
        _withdrawn = _withdrawn,
        _successions = new Successions(blobs, evidence, time),
        _kept = new KeptRevocationLists(blobs, evidence.RevocationLists, _certificates.Authorities),
    };

    /// <summary>Copies what is trusted in one archive into another, which then trusts the same, under the same policy. No key is copied.</summary>
    public static void Lend(StoreLayout from, StoreLayout to)
    {
        string[] trusted = Directory.Exists(from.Trust) ? Directory.GetFiles(from.Trust, "*", SearchOption.AllDirectories) : [];
        foreach (string path in KeyStore.Certificates(from).Concat(trusted))
        {
            string copy = Path.Combine(to.Root, Path.GetRelativePath(from.Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    internal CertificateTrust Judge(X509Certificate2 certificate, IReadOnlyList<byte[]> hints, DateTimeOffset at)
    {
        var demands = new ChainDemands(at, link => Withdrawn(link, at));
        if (Unfit(certificate) is { } unfit)
        {
            return new CertificateTrust { IsTrusted = false, Reason = unfit };
        }

        var trust = _certificates.Judge(certificate, hints, demands, one => _successions?.Judge(one, this));
        return trust.IsTrusted ? WithList(trust, certificate, at) : trust;
    }

    private string? Withdrawn(X509Certificate2 link, DateTimeOffset at) => _withdrawn.Problem(Digest.Of(link.RawDataMemory.Span), at)
        ?? _revocations.Problem(link, at)
        ?? _kept?.By(link).Problem(link, at);

    /// <summary>A list of a later time says most: whoever was good then by it was good before.</summary>
    private CertificateTrust WithList(CertificateTrust trust, X509Certificate2 certificate, DateTimeOffset at)
    {
        if (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        {
            return trust;
        }

        return (_revocations.PublishedFor(certificate, at) ?? _kept?.By(certificate).PublishedFor(certificate, at)) is { } published
            ? trust with { IsIssued = true, NotListedOn = published, Reason = $"{trust.Reason}; not on the list of {published:u}" }
            : (_revocations.PublishedTooLateFor(certificate) ?? _kept?.By(certificate).PublishedTooLateFor(certificate)) is { } late
                ? trust with
                {
                    IsIssued = true,
                    Reason = $"{trust.Reason}; the list of {late:u} may have left it out, which ended on {certificate.NotAfter.ToUniversalTime():u}",
                }
                : trust with { IsIssued = true };
    }

    /// <summary>Why the certificate may not sign records, whoever vouches for it; null when it may.</summary>
    internal static string? Unfit(X509Certificate2 certificate)
    {
        const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is null || (usage.KeyUsages & Signing) == 0)
        {
            return "its key usage is not for signatures";
        }

        // openssl cms asks the same: the key of a web server must not sign records.
        var extended = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return extended is not null && !extended.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()
                .Any(oid => oid.Value == Oids.EmailProtection)
            ? "its extended key usage is not for signing documents (emailProtection)"
            : null;
    }
}
