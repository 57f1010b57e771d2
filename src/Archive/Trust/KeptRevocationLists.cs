using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Revocation lists that records keep. One that no authority trusted here has signed is nobody's word, and is passed over.</summary>
internal sealed class KeptRevocationLists(
    BlobStore blobs, Func<Digest, Digest, IEnumerable<Digest>> find, IReadOnlyCollection<X509Certificate2> authorities)
{
    /// <summary>For one certificate: those that name it, then the newest that would. What a list names, those after it name until its end.</summary>
    private const int MaxLists = 64;

    /// <summary>Anybody can write records of lists in somebody's name: those that nobody trusted has signed must not hide the others.</summary>
    internal const int MaxLookedAt = 4096;

    /// <summary>Of all lists of one issuer that are read for a certificate.</summary>
    internal const long MaxLookedAtBytes = 256 << 20;

    private readonly Dictionary<Digest, RevocationLists> _byCertificate = [];

    /// <summary>Those by who has issued a certificate.</summary>
    public RevocationLists By(X509Certificate2 certificate)
    {
        var fingerprint = Digest.Of(certificate.RawDataMemory.Span);
        if (!_byCertificate.TryGetValue(fingerprint, out var lists))
        {
            X509Certificate2[] issuers =
                [.. authorities.Where(authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))];
            lists = issuers.Length > 0
                ? RevocationLists.Of(Found(Digest.Of(certificate.IssuerName.RawData), fingerprint), issuers, certificate, MaxLists)
                : RevocationLists.None;
            _byCertificate.Add(fingerprint, lists);
        }

        return lists;
    }

    private IEnumerable<(string Source, byte[] Der)> Found(Digest issuer, Digest certificate)
    {
        long bytes = 0;
        foreach (var list in find(issuer, certificate).Distinct().Select(Read).OfType<(string Source, byte[] Der)>())
        {
            if ((bytes += list.Der.Length) > MaxLookedAtBytes)
            {
                yield break;
            }

            yield return list;
        }
    }

    private (string Source, byte[] Der)? Read(Digest list)
    {
        try
        {
            return ($"kept list {list.Abbreviated}", blobs.Read(list, RevocationLists.MaxBytes));
        }
        catch (ArchiveException)
        {
            return null; // that it is missing or damaged, its own record's verification says
        }
    }
}
