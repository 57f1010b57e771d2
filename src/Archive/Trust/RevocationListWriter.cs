using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Time = Org.BouncyCastle.Asn1.X509.Time;

namespace Provenance.Archive.Trust;

/// <summary>Writes and signs revocation lists (RFC 5280 §5), with what the platform's builder has not: invalidityDate, and expiredCertsOnCRL.</summary>
/// <remarks>Nothing is ever taken off a list, and each says so: expiredCertsOnCRL (X.509 §9.5.2.8), so that it can vouch for who has ended since.</remarks>
internal sealed class RevocationListWriter
{
    private readonly Dictionary<BigInteger, CrlEntry> _entries = [];
    private BigInteger _number = BigInteger.Zero;
    private DateTimeOffset? _expiredSince;

    /// <summary>As of the list before, signed by the same authority: its entries, and what follows its number.</summary>
    /// <param name="der">The list.</param>
    public void Continue(byte[] der)
    {
        var before = CertificateList.GetInstance(Asn1Object.FromByteArray(der));
        foreach (var entry in before.GetRevokedCertificateEnumeration())
        {
            _entries[entry.UserCertificate.PositiveValue] = entry;
        }

        var extensions = before.TbsCertList.Extensions;
        if (extensions?.GetExtensionParsedValue(X509Extensions.CrlNumber) is { } number)
        {
            _number = DerInteger.GetInstance(number).PositiveValue;
        }

        if (extensions?.GetExtensionParsedValue(X509Extensions.ExpiredCertsOnCrl) is { } since)
        {
            _expiredSince = Utc(Asn1GeneralizedTime.GetInstance(since).ToDateTime());
        }
    }

    /// <summary>Puts a certificate on it. Of one that is there the day of the withdrawal stays, and the earlier invalidity date.</summary>
    /// <param name="certificate">Of this authority.</param>
    /// <param name="now">The day of the withdrawal.</param>
    /// <param name="reason">Why.</param>
    /// <param name="since">From when on it was not good, when that is earlier; null when it is not.</param>
    /// <returns>From when on nothing counts that it signed.</returns>
    public DateTimeOffset Withdraw(X509Certificate2 certificate, DateTimeOffset now, X509RevocationReason reason, DateTimeOffset? since)
    {
        var serial = new BigInteger(1, certificate.SerialNumberBytes.ToArray());
        var (withdrawn, invalid) = (now, since);
        if (_entries.TryGetValue(serial, out var known))
        {
            var before = Utc(known.RevocationDate.ToDateTime());
            withdrawn = before < now ? before : now;
            var invalidBefore = known.Extensions?.GetExtensionParsedValue(X509Extensions.InvalidityDate) is { } value
                ? Utc(Asn1GeneralizedTime.GetInstance(value).ToDateTime())
                : (DateTimeOffset?)null;
            invalid = invalidBefore is null || since < invalidBefore ? since : invalidBefore;
        }

        var extensions = new X509ExtensionsGenerator();
        extensions.AddExtension(X509Extensions.ReasonCode, false, new CrlReason((int)reason));
        if (invalid < withdrawn)
        {
            extensions.AddExtension(X509Extensions.InvalidityDate, false, General(invalid.Value));
        }

        _entries[serial] = CrlEntry.GetInstance(new DerSequence(new DerInteger(serial), TimeOf(withdrawn), extensions.Generate()));
        return invalid < withdrawn ? invalid.Value : withdrawn;
    }

    /// <param name="authority">With its private key, on P-384.</param>
    /// <param name="now">When it is published.</param>
    /// <param name="next">Until when it holds.</param>
    /// <returns>DER.</returns>
    public byte[] Sign(X509Certificate2 authority, DateTimeOffset now, DateTimeOffset next)
    {
        using var key = NewKey.Of(authority);
        var algorithm = AlgorithmIdentifierOf(key.Generator);
        var list = new V2TbsCertListGenerator();
        list.SetSignature(algorithm);
        list.SetIssuer(X509Name.GetInstance(Asn1Object.FromByteArray(authority.SubjectName.RawData)));
        list.SetThisUpdate(TimeOf(now));
        list.SetNextUpdate(TimeOf(next));
        foreach (var entry in _entries.Values)
        {
            list.AddCrlEntry((Asn1Sequence)entry.ToAsn1Object());
        }

        var extensions = new X509ExtensionsGenerator();
        if (authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier)
        {
            extensions.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, new AuthorityKeyIdentifier(identifier.SubjectKeyIdentifierBytes.ToArray()));
        }

        extensions.AddExtension(X509Extensions.CrlNumber, false, new CrlNumber(_number.Add(BigInteger.One)));
        // Whether a list of before that does not say it had everything is not known: from now on it is.
        extensions.AddExtension(X509Extensions.ExpiredCertsOnCrl, false, General(_expiredSince ?? now));
        list.SetExtensions(extensions.Generate());
        var tbs = list.GenerateTbsCertList();
        byte[] signature = key.Generator.SignData(tbs.GetEncoded(Asn1Encodable.Der), HashAlgorithmName.SHA384);
        return new DerSequence(tbs, algorithm, new DerBitString(signature)).GetEncoded(Asn1Encodable.Der);
    }

    private static Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier AlgorithmIdentifierOf(X509SignatureGenerator generator) =>
        Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier.GetInstance(
            Asn1Object.FromByteArray(generator.GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA384)));

    /// <summary>RFC 5280 §5.1.2.4: UTCTime until 2049, GeneralizedTime afterwards; never with parts of a second.</summary>
    private static Time TimeOf(DateTimeOffset time) => new(Seconds(time));

    private static DerGeneralizedTime General(DateTimeOffset time) => new(Seconds(time));

    private static DateTime Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time.ToUniversalTime(), DateTimeKind.Utc));
}
