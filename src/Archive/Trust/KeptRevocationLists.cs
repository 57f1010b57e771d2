using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Revocation lists that records keep. One that no authority trusted here has signed is nobody's word, and is passed over.</summary>
internal sealed class KeptRevocationLists(
    BlobStore blobs, Func<Digest, IEnumerable<Digest>> find, IReadOnlyCollection<X509Certificate2> authorities)
{
    /// <summary>Of one issuer, the newest: what a list names, those after it name as well until the certificate has expired.</summary>
    private const int MaxLists = 64;

    /// <summary>Anybody can write records of lists in somebody's name: those that nobody trusted has signed must not hide the others.</summary>
    internal const int MaxLookedAt = 4096;

    private readonly Dictionary<Digest, RevocationLists> _byIssuer = [];

    /// <summary>Those by who has issued a certificate.</summary>
    public RevocationLists By(X509Certificate2 certificate)
    {
        var issuer = Digest.Of(certificate.IssuerName.RawData);
        if (!_byIssuer.TryGetValue(issuer, out var lists))
        {
            X509Certificate2[] issuers =
                [.. authorities.Where(authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))];
            lists = issuers.Length > 0
                ? RevocationLists.Of(find(issuer).Take(MaxLookedAt).Distinct().Select(Read).OfType<(string, byte[])>(), issuers, MaxLists)
                : RevocationLists.None;
            _byIssuer.Add(issuer, lists);
        }

        return lists;
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
