using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>The way from a certificate to an authority that is trusted here. Source: RFC 5280 §6, by the platform's own builder.</summary>
internal static class CertificateChain
{
    /// <summary>Of whoever vouches for somebody, and of who says the time; who signs records needs more.</summary>
    public const int MinRsaBits = 2048;

    private static readonly string[] AcceptedSignatures =
    [
        Oids.EcdsaWithSha256, Oids.EcdsaWithSha384, Oids.EcdsaWithSha512,
        Oids.RsaPss, Oids.RsaWithSha256, Oids.RsaWithSha384, Oids.RsaWithSha512,
    ];

    private static readonly string?[] PssHashes = [Oids.Sha256, Oids.Sha384, Oids.Sha512];

    public static CertificateTrust Judge(
        X509Certificate2 certificate, IEnumerable<byte[]> hints, X509Certificate2Collection authorities, ChainDemands demands)
    {
        if (authorities.Count == 0)
        {
            return Untrusted("the certificate is not among those trusted here");
        }

        string problem;
        var links = MlDsaPath.IsNeeded(certificate)
            ? MlDsaPath.Build(certificate, hints, authorities, demands.At, out problem)
            : Build(certificate, hints, authorities, demands, out problem);
        if (links is null)
        {
            return Untrusted($"no way to an authority trusted here ({problem})");
        }

        string? withdrawn = links.Skip(1)
            .Select(link => demands.Problem(link) is { } why ? $"{link.Subject} {why}" : null)
            .FirstOrDefault(why => why is not null);
        return (withdrawn ?? Weak(links)) is { } reason
            ? Untrusted(reason)
            : new CertificateTrust
            {
                IsTrusted = true,
                Reason = $"vouched for by {links[^1].Subject}",
                Through = [.. links.Select(link => Digest.Of(link.RawDataMemory.Span))],
            };
    }

    /// <summary>Whether the key of one certificate has signed another, in its issuer's name. Neither is trusted for it.</summary>
    public static bool HasSigned(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        {
            return false;
        }

        try
        {
            var parser = new X509CertificateParser();
            parser.ReadCertificate(certificate.RawData).Verify(parser.ReadCertificate(issuer.RawData).GetPublicKey());
            return true;
        }
        catch (Exception e) when (e is GeneralSecurityException or IOException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <returns>The certificate, those between, and the authority; null when there is no way.</returns>
    private static List<X509Certificate2>? Build(
        X509Certificate2 certificate, IEnumerable<byte[]> hints, X509Certificate2Collection authorities, ChainDemands demands, out string problem)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(authorities, demands.At) };
        if (demands.Purpose is { } purpose)
        {
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        }

        foreach (byte[] hint in hints)
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(hint));
        }

        bool isBuilt = chain.Build(certificate);
        problem = string.Join(", ", chain.ChainStatus.Select(status => status.Status));
        return isBuilt ? [.. chain.ChainElements.Select(element => element.Certificate)] : null;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities, DateTimeOffset at)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            VerificationTime = at.UtcDateTime,
            VerificationTimeIgnored = false,
            RevocationMode = X509RevocationMode.NoCheck,
            // Else the builder would fetch what a hostile certificate tells it to.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>The builder also takes certificates signed over MD5 and SHA-1. The root is trusted by itself, not by its signature.</summary>
    private static string? Weak(List<X509Certificate2> links)
    {
        var shortKey = links.Find(HasShortKey);
        if (shortKey is not null)
        {
            return $"the RSA key of {shortKey.Subject} is shorter than {MinRsaBits} bits";
        }

        foreach (var link in links.SkipLast(1))
        {
            string? algorithm = link.SignatureAlgorithm.Value;
            if (!AcceptedSignatures.Contains(algorithm))
            {
                return $"the certificate of {link.Subject} is signed by '{algorithm}', which is not accepted";
            }

            if (algorithm == Oids.RsaPss && !PssHashes.Contains(HashOfPss(link)))
            {
                return $"the certificate of {link.Subject} is signed by RSA-PSS over another hash than SHA-2, which is not accepted";
            }
        }

        return null;
    }

    /// <summary>RFC 8017 §A.2.3: what no parameters name is SHA-1.</summary>
    /// <returns>Null when no hash is named, or the parameters are none.</returns>
    private static string? HashOfPss(X509Certificate2 certificate)
    {
        try
        {
            // Certificate, RFC 5280 §4.1.1.2: behind what is signed is how.
            var content = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            content.ReadEncodedValue();
            var identifier = AlgorithmIdentifier.Read(content);
            var first = new Asn1Tag(TagClass.ContextSpecific, 0);
            var parameters = identifier.Parameters is { } der ? new AsnReader(der, AsnEncodingRules.DER).ReadSequence() : null;
            return parameters is { HasData: true } && parameters.PeekTag().HasSameClassAndValue(first)
                ? AlgorithmIdentifier.Read(parameters.ReadSequence(first)).Oid
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    public static bool HasShortKey(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is { KeySize: < MinRsaBits };
    }

    private static CertificateTrust Untrusted(string reason) => new() { IsTrusted = false, Reason = reason };
}
