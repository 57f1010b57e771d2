using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Whose time is believed in this archive: the certificates in <c>trust/tsa/*.pem</c>, an authority's own or those of who vouches for it.</summary>
/// <remarks>Apart from who may sign records: who keeps a clock does not vouch for results, and the reverse.</remarks>
public sealed class TimestampAuthorities
{
    private readonly CertificateSet _certificates = new();
    private RevocationLists _revocations = RevocationLists.None;

    private TimestampAuthorities()
    {
    }

    /// <summary>Nobody's.</summary>
    public static TimestampAuthorities None { get; } = new();

    /// <exception cref="TrustException">A file in trust/tsa/ cannot be read.</exception>
    public static TimestampAuthorities Load(StoreLayout layout)
    {
        if (!Directory.Exists(layout.TimestampTrust))
        {
            return None;
        }

        var authorities = new TimestampAuthorities();
        foreach (string path in Directory.EnumerateFiles(layout.TimestampTrust, "*.pem").Order(StringComparer.Ordinal))
        {
            authorities._certificates.AddAll(path, $"trust/tsa/{Path.GetFileName(path)}");
        }

        authorities._revocations = RevocationLists.Load(layout.TimestampTrust, authorities._certificates.Authorities);
        return authorities;
    }

    /// <summary>For a verification outside any archive.</summary>
    /// <exception cref="TrustException">A file cannot be read.</exception>
    public static TimestampAuthorities FromFiles(IEnumerable<string> pemFiles)
    {
        var authorities = new TimestampAuthorities();
        foreach (string path in pemFiles)
        {
            authorities._certificates.AddAll(path, path);
        }

        return authorities;
    }

    internal CertificateTrust Judge(X509Certificate2 certificate, IEnumerable<byte[]> hints, DateTimeOffset at, DateTimeOffset? shownAt) =>
        _certificates.Judge(certificate, hints, new ChainDemands(at, link => _revocations.ProblemOfClock(link, at, shownAt), Oids.TimeStamping));
}
