using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>Chooses the revocation lists that go along with a record: those that say something of its certificates, not the newest of any.</summary>
/// <remarks>
/// Anybody can write records of lists in an issuer's name, thousands of them. Where the issuer's key is known, by a certificate that came with the
/// signature or lies in trust/ and has signed the one in question, its lists alone go along; where it is not, whose records they are tells first.
/// </remarks>
/// <param name="blobs">The archive's.</param>
/// <param name="finder">Finds records.</param>
internal sealed class RevocationPlanner(BlobStore blobs, RecordFinder finder)
{
    /// <summary>Of each certificate: the newest, which name whoever was withdrawn, also lately.</summary>
    private const int Newest = 8;

    /// <summary>Published right after the signature: they say whether the certificate was good then.</summary>
    private const int RightAfter = 4;

    /// <summary>That name the certificate.</summary>
    private const int Naming = 3;

    private readonly Dictionary<Digest, IReadOnlyList<(RecordRow Row, DateTimeOffset Published, bool Names)>> _known = [];

    private IReadOnlyCollection<X509Certificate2>? _authorities;

    /// <returns>Records of lists, at most 16 for each certificate of the signature.</returns>
    public IEnumerable<RecordRow> Choose(PackedRecord record)
    {
        X509Certificate2[] certificates =
            [.. CmsVerifier.EncodedCertificatesIn(record.Signed.Signature).Select(der => X509CertificateLoader.LoadCertificate(der))];
        try
        {
            return certificates
                .SelectMany(certificate => Relevant(ListsFor(certificate, certificates, record.Signer.Certificate), record.Signer.ClaimedTime))
                .DistinctBy(row => row.Record).ToList();
        }
        finally
        {
            Array.ForEach(certificates, certificate => certificate.Dispose());
        }
    }

    private static IEnumerable<RecordRow> Relevant(IReadOnlyList<(RecordRow Row, DateTimeOffset Published, bool Names)> lists, DateTimeOffset at)
    {
        // Stable: where dates are the same, those that come first because of who has kept them stay first.
        var newest = lists.OrderByDescending(list => list.Published).ToList();
        return newest.Take(Newest)
            .Concat(lists.Where(list => list.Published >= at).OrderBy(list => list.Published).Take(RightAfter))
            .Concat(newest.Where(list => list.Published < at).Take(1))
            .Concat(newest.Where(list => list.Names).Take(Naming))
            .Select(list => list.Row);
    }

    private IReadOnlyList<(RecordRow Row, DateTimeOffset Published, bool Names)> ListsFor(
        X509Certificate2 certificate, IEnumerable<X509Certificate2> hints, Digest signer)
    {
        var fingerprint = Digest.Of(certificate.RawDataMemory.Span);
        if (!_known.TryGetValue(fingerprint, out var lists))
        {
            _authorities ??= Authorities();
            X509Certificate2[] issuers = [.. hints.Concat(_authorities).Where(issuer => CertificateChain.HasSigned(issuer, certificate))];
            lists = [.. Find(certificate, issuers, signer)];
            _known.Add(fingerprint, lists);
        }

        return lists;
    }

    /// <summary>None where trust/ cannot be read: an export needs none of it, and whoever verifies is told.</summary>
    private IReadOnlyCollection<X509Certificate2> Authorities()
    {
        try
        {
            return TrustedCertificates.Load(blobs.Layout).Authorities;
        }
        catch (TrustException)
        {
            return [];
        }
    }

    private IEnumerable<(RecordRow Row, DateTimeOffset Published, bool Names)> Find(
        X509Certificate2 certificate, IReadOnlyCollection<X509Certificate2> issuers, Digest signer)
    {
        long bytes = 0;
        var seen = new HashSet<Digest>();
        foreach (var row in finder.RevocationListsBy(Digest.Of(certificate.IssuerName.RawData), [signer]))
        {
            byte[]? der = finder.ListOf(row) is { } list && seen.Add(list) ? Read(list) : null;
            if (der is not null && (bytes += der.Length) > KeptRevocationLists.MaxLookedAtBytes)
            {
                yield break;
            }

            if (der is not null && RevocationLists.Describe(der, issuers, certificate) is var (published, names))
            {
                yield return (row, published, names);
            }
        }
    }

    private byte[]? Read(Digest list)
    {
        try
        {
            return blobs.Read(list, RevocationLists.MaxBytes);
        }
        catch (ArchiveException)
        {
            return null; // that it is missing or damaged, its own record's verification says
        }
    }
}
