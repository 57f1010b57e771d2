using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using X509Certificate2 = System.Security.Cryptography.X509Certificates.X509Certificate2;

namespace Provenance.Archive.Trust;

/// <summary>Certificates that their authorities have withdrawn: <c>*.crl</c> in trust/ and trust/tsa/, PEM or DER. Source: RFC 5280 §5.</summary>
/// <remarks>
/// The platform's chain builder on Linux takes no list by hand (dotnet/runtime#104690). A list must be signed by an authority in the same folder. What
/// was signed at a proven time before the withdrawal stays good; who cannot prove a time is judged for now, and is refused.
/// </remarks>
internal sealed class RevocationLists
{
    /// <summary>Of one list.</summary>
    public const int MaxBytes = 16 << 20;

    private const int NamesIt = 2;

    private readonly List<(string Source, X509Crl List)> _lists = [];

    private RevocationLists()
    {
    }

    public static RevocationLists None { get; } = new();

    /// <exception cref="TrustException">A file is no revocation list, or none of the authorities signed it.</exception>
    /// <param name="folder">Where the lists are.</param>
    /// <param name="authorities">Those of the same folder, one of which must have signed each.</param>
    public static RevocationLists Load(string folder, IReadOnlyCollection<X509Certificate2> authorities)
    {
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.crl") : [];
        if (paths.Length == 0)
        {
            return None;
        }

        var lists = new RevocationLists();
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            var list = ReadFile(path);
            if (!authorities.Any(authority => IsBy(list, authority)))
            {
                throw new TrustException(path, $"the revocation list of '{list.IssuerDN}' is signed by no authority in its folder");
            }

            lists._lists.Add((path, list));
        }

        return lists;
    }

    /// <summary>Lists from elsewhere: those that cannot be read, or that none of the authorities signed, are left out and not counted.</summary>
    /// <param name="found">In DER.</param>
    /// <param name="authorities">All of one name; one of them must have signed each.</param>
    /// <param name="certificate">Of the same issuer, for which they are looked for.</param>
    /// <param name="most">So many: those that name the certificate, then those that would, then the others; of each those that were published last.</param>
    public static RevocationLists Of(
        IEnumerable<(string Source, byte[] Der)> found, IReadOnlyCollection<X509Certificate2> authorities, X509Certificate2 certificate, int most)
    {
        var lists = new RevocationLists();
        foreach (var (source, der) in found)
        {
            if (TryRead(der, source) is { } list && authorities.Any(authority => IsBy(list, authority)))
            {
                lists._lists.Add((source, list));
                if (lists._lists.Count > most)
                {
                    lists._lists.Remove(lists._lists.MinBy(one => (Relevance(one.List, certificate), one.List.ThisUpdate)));
                }
            }
        }

        return lists;
    }

    /// <summary>A list from elsewhere, in DER, as far as it says something of a certificate; null when none of those keys has signed it.</summary>
    /// <param name="der">The list.</param>
    /// <param name="authorities">All of the name of the certificate's issuer; none where it is not known whose key that is.</param>
    /// <param name="certificate">Of that issuer.</param>
    /// <returns>When it was published, and whether it names the certificate.</returns>
    public static (DateTimeOffset Published, bool Names)? Describe(
        byte[] der, IReadOnlyCollection<X509Certificate2> authorities, X509Certificate2 certificate) =>
        TryRead(der, "kept list") is { } list
        && list.IssuerDN.GetEncoded().AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        && (authorities.Count == 0 || authorities.Any(authority => IsBy(list, authority)))
            ? (Utc(list.ThisUpdate), Relevance(list, certificate) == NamesIt)
            : null;

    private static int Relevance(X509Crl list, X509Certificate2 certificate) =>
        list.GetRevokedCertificate(SerialOf(certificate)) is not null ? NamesIt : HasStill(list, certificate) ? 1 : 0;

    /// <summary>Each list in DER, and its issuer's name.</summary>
    public IEnumerable<(byte[] Der, byte[] Issuer)> All => _lists.Select(one => (one.List.GetEncoded(), one.List.IssuerDN.GetEncoded()));

    /// <summary>When a list was published that can say whether the certificate was good at a time: after it, or to hold until then.</summary>
    /// <remarks>
    /// An authority may leave out who has expired (RFC 5280 §3.3): a list of after the certificate's end counts only where it says to have those, too
    /// (expiredCertsOnCRL, X.509 §9.5.2.8).
    /// </remarks>
    /// <returns>The earliest that is later, else the newest that still held; null when there is none.</returns>
    public DateTimeOffset? PublishedFor(X509Certificate2 certificate, DateTimeOffset at)
    {
        var byIssuer = By(certificate).Where(list => HasStill(list, certificate)).ToList();
        var later = byIssuer.Select(list => Utc(list.ThisUpdate)).Where(published => published >= at).Order().ToList();
        var holding = byIssuer.Where(list => Utc(list.ThisUpdate) <= at && list.NextUpdate is { } next && Utc(next) >= at)
            .Select(list => Utc(list.ThisUpdate)).OrderDescending().ToList();
        return later.Count > 0 ? later[0] : holding.Count > 0 ? holding[0] : null;
    }

    /// <summary>When the newest list was published that says nothing of the certificate, since that had ended; null when there is none.</summary>
    public DateTimeOffset? PublishedTooLateFor(X509Certificate2 certificate) =>
        By(certificate).Where(list => !HasStill(list, certificate)).Select(list => (DateTimeOffset?)Utc(list.ThisUpdate)).Max();

    private IEnumerable<X509Crl> By(X509Certificate2 certificate) =>
        _lists.Select(one => one.List).Where(list => list.IssuerDN.GetEncoded().AsSpan().SequenceEqual(certificate.IssuerName.RawData));

    private static bool HasStill(X509Crl list, X509Certificate2 certificate)
    {
        DateTimeOffset end = certificate.NotAfter.ToUniversalTime();
        return Utc(list.ThisUpdate) <= end || ExpiredSince(list) <= end;
    }

    /// <summary>Who has ended since then is on it; null where it does not say so, or not in a way that is understood.</summary>
    private static DateTimeOffset? ExpiredSince(X509Crl list)
    {
        try
        {
            return list.GetExtensionParsedValue(X509Extensions.ExpiredCertsOnCrl) is { } value
                ? Utc(Asn1GeneralizedTime.GetInstance(value).ToDateTime())
                : null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or InvalidCastException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Why the certificate was not good at that time; null when no list names it, or only from a later time on.</summary>
    public string? Problem(X509Certificate2 certificate, DateTimeOffset at) =>
        FindAll(certificate).FirstOrDefault() is (var source, { } entry) && at >= WithdrawnAt(entry)
            ? $"was revoked on {WithdrawnAt(entry):u} ({source}), and was judged for {at:u}"
            : null;

    /// <summary>The same for one who says the time itself.</summary>
    /// <remarks>
    /// With a stolen key that can be any time, unless the list gives a harmless reason (RFC 3161 §4), or somebody else shows that the token was
    /// there before (RFC 4998 §5.3).
    /// </remarks>
    /// <param name="certificate">Of the one who says it.</param>
    /// <param name="at">The time that its token says.</param>
    /// <param name="shownAt">When the token was there, as another one proves; null where none does.</param>
    public string? ProblemOfClock(X509Certificate2 certificate, DateTimeOffset at, DateTimeOffset? shownAt)
    {
        return FindAll(certificate).OrderBy(one => IsHarmless(one.Entry)).FirstOrDefault() is (var source, { } entry)
            && !(shownAt < WithdrawnAt(entry)) && !(IsHarmless(entry) && at < WithdrawnAt(entry))
                ? $"was revoked on {WithdrawnAt(entry):u} ({source}), and its token says {at:u}"
                : null;
    }

    /// <summary>What the lists say of the certificate, the earliest withdrawal first: of several lists the worst counts.</summary>
    private IEnumerable<(string Source, X509CrlEntry Entry)> FindAll(X509Certificate2 certificate) => _lists
        .Where(one => one.List.IssuerDN.GetEncoded().AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        .Select(one => (one.Source, Entry: one.List.GetRevokedCertificate(SerialOf(certificate))))
        .Where(one => one.Entry is not null)
        .OrderBy(one => WithdrawnAt(one.Entry));

    private static BigInteger SerialOf(X509Certificate2 certificate) => new(1, certificate.SerialNumberBytes.ToArray());

    /// <summary>From when on nothing counts: the invalidity date (RFC 5280 §5.3.2) when it is earlier than the day of the withdrawal.</summary>
    private static DateTimeOffset WithdrawnAt(X509CrlEntry entry)
    {
        var revoked = Utc(entry.RevocationDate);
        var invalid = entry.GetExtensionParsedValue(X509Extensions.InvalidityDate) is { } value
            ? Utc(Asn1GeneralizedTime.GetInstance(value).ToDateTime())
            : revoked;
        return invalid < revoked ? invalid : revoked;
    }

    private static bool IsHarmless(X509CrlEntry entry) =>
        entry.GetExtensionParsedValue(X509Extensions.ReasonCode) is { } value
        && DerEnumerated.GetInstance(value).IntValueExact is CrlReason.Unspecified or CrlReason.AffiliationChanged
            or CrlReason.Superseded or CrlReason.CessationOfOperation;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time.ToUniversalTime(), DateTimeKind.Utc));

    private static X509Crl ReadFile(string path)
    {
        if (new FileInfo(path) is { Length: > MaxBytes } large)
        {
            throw new TrustException(path, $"has {large.Length} bytes, at most {MaxBytes} are read");
        }

        try
        {
            return Read(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrustException(path, $"the revocation list cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static X509Crl? TryRead(byte[] der, string source)
    {
        try
        {
            return Read(der, source);
        }
        catch (TrustException)
        {
            return null;
        }
    }

    private static X509Crl Read(byte[] content, string path)
    {
        try
        {
            var list = new X509CrlParser().ReadCrl(content) ?? throw new TrustException(path, "holds no revocation list");
            // RFC 5280 §5.2 and §5.3: one with a critical extension that is not understood must not be used. Neither deltas nor indirect lists are.
            string? unknown = list.GetCriticalExtensionOids()?.FirstOrDefault() ?? ReadEntries(list);
            return unknown is null ? list : throw new TrustException(path, $"has the critical extension {unknown}, which is not understood");
        }
        catch (Exception e) when (e is IOException or GeneralSecurityException or ArgumentException or InvalidOperationException or InvalidCastException
            or FormatException or ArithmeticException)
        {
            throw new TrustException(path, $"the revocation list cannot be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }
    }

    /// <summary>All that is asked of entries later: the parser leaves them as they are until then, and a list of which one is malformed is none.</summary>
    /// <returns>A critical extension of one of them; null for none.</returns>
    private static string? ReadEntries(X509Crl list)
    {
        _ = Utc(list.ThisUpdate);
        _ = list.NextUpdate is { } next ? Utc(next) : default;
        string? unknown = null;
        foreach (var entry in list.GetRevokedCertificates() ?? (IEnumerable<X509CrlEntry>)[])
        {
            _ = WithdrawnAt(entry);
            _ = IsHarmless(entry);
            unknown ??= entry.GetCriticalExtensionOids()?.FirstOrDefault();
        }

        return unknown;
    }

    private static bool IsBy(X509Crl list, X509Certificate2 authority)
    {
        if (!list.IssuerDN.GetEncoded().AsSpan().SequenceEqual(authority.SubjectName.RawData))
        {
            return false;
        }

        try
        {
            list.Verify(new X509CertificateParser().ReadCertificate(authority.RawData).GetPublicKey());
            return true;
        }
        catch (Exception e) when (e is GeneralSecurityException or IOException or ArgumentException or InvalidOperationException)
        {
            // Its signature is not even one that can be read.
            return false;
        }
    }
}
