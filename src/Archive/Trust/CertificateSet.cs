using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Certificates that are trusted for one purpose: single ones by their very bytes, and authorities for whom they vouch for.</summary>
internal sealed class CertificateSet
{
    private readonly Dictionary<Digest, string> _pinned = [];
    private readonly X509Certificate2Collection _authorities = [];

    /// <param name="path">A PEM file.</param>
    /// <param name="source">What is told as the reason of trust.</param>
    /// <exception cref="TrustException">The file cannot be read.</exception>
    public void AddAll(string path, string source)
    {
        foreach (var certificate in CertificateFileReader.ReadAll(path))
        {
            Add(certificate, source);
        }
    }

    public void Add(X509Certificate2 certificate, string source)
    {
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        if (constraints is { CertificateAuthority: true })
        {
            _authorities.Add(certificate);
            return;
        }

        _pinned.TryAdd(Digest.Of(certificate.RawDataMemory.Span), source);
        certificate.Dispose();
    }

    /// <summary>Those that may vouch for others.</summary>
    public IReadOnlyCollection<X509Certificate2> Authorities => [.. _authorities];

    /// <param name="certificate">That signed.</param>
    /// <param name="hints">DER of certificates that may be on the way to an authority; none is trusted for standing here.</param>
    /// <param name="demands">What is asked of it and of those that vouch for it.</param>
    /// <param name="successor">Judges it as the successor of another; gives null when it is none. Null where no successors are believed.</param>
    public CertificateTrust Judge(
        X509Certificate2 certificate, IEnumerable<byte[]> hints, ChainDemands demands, Func<X509Certificate2, CertificateTrust?>? successor = null)
    {
        if ((OutOfTime(certificate, demands.At) ?? demands.Problem(certificate)) is { } reason)
        {
            return new CertificateTrust { IsTrusted = false, Reason = reason };
        }

        var fingerprint = Digest.Of(certificate.RawDataMemory.Span);
        if (_pinned.TryGetValue(fingerprint, out string? source))
        {
            return new CertificateTrust { IsTrusted = true, Reason = source, Through = [fingerprint] };
        }

        var vouched = CertificateChain.Judge(certificate, hints, _authorities, demands);
        return vouched.IsTrusted ? vouched : successor?.Invoke(certificate) ?? vouched;
    }

    private static string? OutOfTime(X509Certificate2 certificate, DateTimeOffset at)
    {
        if (at < certificate.NotBefore.ToUniversalTime())
        {
            return $"was not yet valid at {at:u}: valid from {certificate.NotBefore.ToUniversalTime():u}";
        }

        return at > certificate.NotAfter.ToUniversalTime()
            ? $"was no longer valid at {at:u}: valid until {certificate.NotAfter.ToUniversalTime():u}"
            : null;
    }
}
