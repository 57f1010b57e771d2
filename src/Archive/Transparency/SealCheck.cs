using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>
/// Verifies seals: that each lists what the log holds, and the seal before, and that its token is over that list. Each once, for all who ask.
/// </summary>
public sealed class SealCheck
{
    private readonly TransparencyLog _log;
    private readonly TimestampAuthorities _authorities;
    private readonly IReadOnlyList<Seal> _seals;
    private readonly OriginSealCheck _origins;
    private readonly Lazy<Dictionary<(string Sums, string Token), Seal>> _covered;
    private readonly Dictionary<int, TimestampVerification> _verified = [];
    private readonly Lock _lock = new();

    /// <exception cref="LogException">A seal is missing.</exception>
    public SealCheck(StoreLayout layout, FolderSync sync, TimestampAuthorities authorities)
        : this(layout, new TransparencyLog(layout, sync), authorities)
    {
    }

    internal SealCheck(StoreLayout layout, TransparencyLog log, TimestampAuthorities authorities)
    {
        _log = log;
        _authorities = authorities;
        _seals = Seal.List(layout);
        _origins = new OriginSealCheck(layout, authorities, over => _covered!.Value.TryGetValue(over, out var seal) ? Prove(seal) : null);
        _covered = new Lazy<Dictionary<(string Sums, string Token), Seal>>(FindCovered);
    }

    /// <summary>Whether seals of other archives are kept here.</summary>
    internal bool HasOrigins => _origins.IsAny;

    internal IReadOnlyList<Seal> All => _seals;

    /// <summary>The earliest time that the seals prove for an entry of the log.</summary>
    /// <remarks>
    /// Each seal is over the one before, so that all from the first over the entry stand for it (RFC 4998 §5.3): where the first's authority is not
    /// believed, or no longer, a later one proves its own time, and that the first was there before whatever became of its authority since.
    /// </remarks>
    /// <param name="index">Of the entry.</param>
    /// <returns>Null when no seal covers it; the first seal's where none proves anything.</returns>
    /// <exception cref="ArchiveException">A seal that is asked is damaged, or its token is not over it.</exception>
    public TimestampVerification? Find(long index) =>
        _seals.FirstOrDefault(seal => index >= seal.From && index < seal.Size) is { } seal ? Prove(seal) ?? Verify(seal) : null;

    /// <summary>The same by all seals, this archive's and those that came along with records.</summary>
    /// <param name="index">Of the entry; null where it is not in the log, or of another signature there.</param>
    /// <param name="leaf">The record with its signature; null where <see cref="HasOrigins"/> is false.</param>
    /// <exception cref="ArchiveException">A seal of this archive that is asked is damaged, or its token is not over it.</exception>
    internal TimestampVerification? Find(long? index, LogLeaf? leaf)
    {
        var own = index is { } place ? Find(place) : null;
        var came = leaf is null ? null : _origins.Find(leaf);
        return own is null ? came
            : came is not { Trust.IsTrusted: true } || (own.Trust.IsTrusted && own.Time <= came.Time) ? own : came;
    }

    /// <summary>The first seal over each of another archive: the later ones are over that.</summary>
    private Dictionary<(string Sums, string Token), Seal> FindCovered() => _seals
        .SelectMany(seal => CoveredSeal.ListedIn(seal).Select(covered => (Over: (covered.SumsSha512, covered.TokenSha512), Seal: seal)))
        .DistinctBy(one => one.Over)
        .ToDictionary(one => one.Over, one => one.Seal);

    /// <summary>By its own authority's word alone.</summary>
    /// <exception cref="LogException">The seal is damaged, or its token is not over it.</exception>
    internal TimestampVerification Verify(Seal seal)
    {
        lock (_lock)
        {
            return VerifyOnce(seal);
        }
    }

    /// <returns>Null where neither it nor any later one is believed.</returns>
    private TimestampVerification? Prove(Seal seal)
    {
        lock (_lock)
        {
            // From the first that is believed by its own word back to the one that is asked for: each is judged for the time that the next proves.
            int last = seal.Number;
            while (!VerifyOnce(_seals[last - 1]).Trust.IsTrusted)
            {
                if (++last > _seals.Count)
                {
                    return null;
                }
            }

            var proof = VerifyOnce(_seals[last - 1]);
            for (int number = last - 1; number >= seal.Number; number--)
            {
                var earlier = VerifyToken(_seals[number - 1], proof.Time);
                proof = earlier.Trust.IsTrusted && earlier.Time < proof.Time ? earlier : proof;
            }

            return proof;
        }
    }

    private TimestampVerification VerifyOnce(Seal seal)
    {
        if (!_verified.TryGetValue(seal.Number, out var verified))
        {
            CheckLines(seal);
            _verified.Add(seal.Number, verified = VerifyToken(seal, shownAt: null));
        }

        return verified;
    }

    /// <param name="seal">Whose lines are right.</param>
    /// <param name="shownAt">When it was there, as a later one proves.</param>
    private TimestampVerification VerifyToken(Seal seal, DateTimeOffset? shownAt)
    {
        try
        {
            return TimestampToken.Verify(seal.Place.ReadToken(), seal.Place.HashSums, _authorities, shownAt);
        }
        catch (CmsException e)
        {
            throw new LogException($"seal '{seal.Folder}': {e.Reason}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogException($"seal '{seal.Folder}': {e.Message.TrimEnd('.')}");
        }
    }

    private void CheckLines(Seal seal)
    {
        if (seal.Size > _log.Size)
        {
            throw new LogException($"seal '{seal.Folder}': is of {seal.Size} entries, and the log has {_log.Size}");
        }

        var before = seal.Number > 1 ? _seals[seal.Number - 2] : null;
        var covered = CoveredSeal.ListedIn(seal);
        if (covered.Zip(covered.Skip(1)).Any(pair => !pair.Second.IsAfter(pair.First)))
        {
            throw new LogException($"seal '{seal.SumsPath}': names seals of other archives out of order, or twice");
        }

        long number = 0;
        try
        {
            using var lines = File.ReadLines(seal.SumsPath).GetEnumerator();
            foreach (string expected in SealSums.Lines(seal, before, _log, covered))
            {
                number++;
                if (!lines.MoveNext() || lines.Current != expected)
                {
                    throw new LogException($"seal '{seal.SumsPath}': line {number} is not what the log, or the seal before, has");
                }
            }

            if (lines.MoveNext())
            {
                throw new LogException($"seal '{seal.SumsPath}': has more lines than {number}");
            }
        }
        catch (IOException e)
        {
            throw new LogException($"seal '{seal.Folder}': {e.Message.TrimEnd('.')}");
        }
    }
}
