using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>The times that seals of other archives prove for records that came from there. Each is verified once, for all who ask.</summary>
/// <remarks>One that is damaged counts for nothing: whoever could damage it could have left it out. fsck tells of it.</remarks>
internal sealed class OriginSealCheck(StoreLayout layout, TimestampAuthorities authorities)
{
    private readonly Lazy<SealIndex> _index = new(() => new SealIndex(new OriginSeals(layout, static _ => { }).Places));
    private readonly Dictionary<IndexedSeal, TimestampVerification?> _verified = [];
    private readonly Lock _lock = new();

    /// <summary>Whether there is any.</summary>
    public bool IsAny { get; } = Directory.Exists(layout.OriginSeals);

    /// <summary>The earliest time that they prove for the record with this signature.</summary>
    /// <returns>Null when none lists it; one whose authority is not believed here where none proves anything.</returns>
    public TimestampVerification? Find(LogLeaf leaf)
    {
        lock (_lock)
        {
            return _index.Value.Listing(leaf).Select(Prove).OfType<TimestampVerification>()
                .OrderBy(proof => !proof.Trust.IsTrusted).ThenBy(proof => proof.Time).FirstOrDefault();
        }
    }

    /// <summary>As <see cref="SealCheck"/> does: each is judged for the time that those over it prove (RFC 4998 §5.3).</summary>
    private TimestampVerification? Prove(IndexedSeal seal)
    {
        // Each is over one at most, so that those over it are a tree, and every one stands behind what it is over.
        var later = new List<IndexedSeal> { seal };
        for (int at = 0; at < later.Count; at++)
        {
            later.AddRange(_index.Value.After(later[at]));
        }

        var best = new Dictionary<IndexedSeal, TimestampVerification?>();
        foreach (var one in Enumerable.Reverse(later))
        {
            var own = VerifyOnce(one);
            var over = Earliest(_index.Value.After(one).Select(next => best[next]));

            // What is over a seal whose own token is of something else shows nothing of it but that it was damaged before.
            best[one] = own is null ? null : Earliest([own, over, over is null ? null : VerifyToken(one, over.Time)]) ?? own;
        }

        return best[seal];
    }

    private static TimestampVerification? Earliest(IEnumerable<TimestampVerification?> proofs) =>
        proofs.OfType<TimestampVerification>().Where(proof => proof.Trust.IsTrusted).MinBy(proof => proof.Time);

    private TimestampVerification? VerifyOnce(IndexedSeal seal)
    {
        if (!_verified.TryGetValue(seal, out var verified))
        {
            _verified.Add(seal, verified = VerifyToken(seal, shownAt: null));
        }

        return verified;
    }

    /// <returns>Null where the token is not over the lines.</returns>
    private TimestampVerification? VerifyToken(IndexedSeal seal, DateTimeOffset? shownAt)
    {
        try
        {
            byte[] token = seal.Place.ReadToken();
            var verified = TimestampToken.Verify(token, seal.Place.HashSums, authorities, shownAt);
            return verified with { OriginSeal = Digest.Of(token) };
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
