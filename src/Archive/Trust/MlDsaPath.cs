using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Pkix;
using Org.BouncyCastle.Security.Certificates;
using Org.BouncyCastle.Utilities.Collections;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Store;

namespace Provenance.Archive.Trust;

/// <summary>
/// The way from a certificate of an ML-DSA key to an authority, by BouncyCastle: OpenSSL before 3.5 ends in an internal error at a key that it does not know.
/// Source: RFC 5280 §6.
/// </summary>
internal static class MlDsaPath
{
    public static bool IsNeeded(X509Certificate2 certificate) =>
        certificate.GetKeyAlgorithm() is Oids.MlDsa65 or Oids.MlDsa87 && !MLDsa.IsSupported;

    /// <returns>The certificate, those between, and the authority; null when there is no way.</returns>
    public static List<X509Certificate2>? Build(
        X509Certificate2 certificate, IEnumerable<byte[]> hints, X509Certificate2Collection authorities, DateTimeOffset at, out string problem)
    {
        var parser = new X509CertificateParser();
        var leaf = parser.ReadCertificate(certificate.RawData);
        var valid = authorities.Where(authority => at >= authority.NotBefore.ToUniversalTime() && at <= authority.NotAfter.ToUniversalTime());
        var anchors = valid.Select(authority => new TrustAnchor(parser.ReadCertificate(authority.RawData), null)).ToHashSet();
        if (anchors.Count == 0)
        {
            problem = "no authority is valid at that time";
            return null;
        }

        try
        {
            var parameters = new PkixBuilderParameters(anchors, new X509CertStoreSelector { Certificate = leaf })
            {
                IsRevocationEnabled = false, // asked of our own lists, for the whole way
                Date = at.UtcDateTime,
            };
            parameters.AddStoreCert(CollectionUtilities.CreateStore(hints.Select(parser.ReadCertificate).Append(leaf)));
            var found = new PkixCertPathBuilder().Build(parameters);
            problem = "";
            return
            [
                .. found.CertPath.Certificates.Append(found.TrustAnchor.TrustedCert)
                    .Select(link => X509CertificateLoader.LoadCertificate(link.GetEncoded())),
            ];
        }
        catch (Exception e) when (e is PkixCertPathBuilderException or CertificateException or ArgumentException)
        {
            problem = nameof(X509ChainStatusFlags.PartialChain);
            return null;
        }
    }
}
