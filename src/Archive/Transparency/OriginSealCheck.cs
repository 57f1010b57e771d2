using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>The times that seals of other archives prove for records that came from there. Each is verified once, for all who ask.</summary>
/// <remarks>One that is damaged counts for nothing: whoever could damage it could have left it out. fsck tells of it.</remarks>
/// <param name="layout">Of the archive that keeps them.</param>
/// <param name="authorities">Who is believed.</param>
/// <param name="own">The earliest time that a seal of this archive proves for a seal that it is over, by SHA-512 of that one's lines and token.</param>
internal sealed class OriginSealCheck(
    StoreLayout layout, TimestampAuthorities authorities, Func<(string Sums, string Token), TimestampVerification?> own)
{
    private readonly Lazy<SealIndex> _index = new(() => new SealIndex(new OriginSeals(layout, static _ => { }).Places));
    private readonly Dictionary<IndexedSeal, TimestampVerification?> _proven = [];
    private readonly Lock _lock = new();

    /// <summary>Whether there is any.</summary>
    public bool IsAny { get; } = Directory.Exists(layout.OriginSeals);

    /// <summary>The earliest time that they prove for the record with this signature.</summary>
    /// <exception cref="LogException">A seal of this archive that is over one of them is damaged.</exception>
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
        // Those over a seal come before it. None is over itself, however many between: it would have its own digest in it.
        var open = new Stack<IndexedSeal>([seal]);
        var entered = new HashSet<IndexedSeal>();
        while (open.TryPeek(out var one))
        {
            if (!_proven.ContainsKey(one) && entered.Add(one))
            {
                foreach (var next in _index.Value.After(one))
                {
                    open.Push(next);
                }

                continue;
            }

            open.Pop();
            if (!_proven.ContainsKey(one))
            {
                _proven.Add(one, ProveOnce(one));
            }
        }

        return _proven[seal];
    }

    /// <summary>When what is over it was proven.</summary>
    private TimestampVerification? ProveOnce(IndexedSeal seal)
    {
        var itself = VerifyToken(seal, shownAt: null);
        if (itself is null)
        {
            return null; // what is over a seal whose token is of something else shows nothing of it but that it was damaged before
        }

        var over = Earliest(_index.Value.After(seal).Select(next => _proven.GetValueOrDefault(next)).Append(own((seal.SumsSha512, seal.TokenSha512))));
        return Earliest([itself, over, over is null ? null : VerifyToken(seal, over.Time)]) ?? itself;
    }

    private static TimestampVerification? Earliest(IEnumerable<TimestampVerification?> proofs) =>
        proofs.OfType<TimestampVerification>().Where(proof => proof.Trust.IsTrusted).MinBy(proof => proof.Time);

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
