using System.Security.Cryptography;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>A seal of another archive, to the byte as it came.</summary>
/// <remarks>It lists records that are not here, too: its token is over all of its lines.</remarks>
internal sealed class CarriedSeal
{
    /// <summary>Of one, and of all that go along in one bundle: some 160,000 records.</summary>
    public const int MaxSumsBytes = 64 << 20;

    /// <summary>In one bundle. A laboratory that seals each month has as many after twenty years.</summary>
    public const int MaxSeals = 256;

    private CarriedSeal(byte[] sums, byte[] token, SealContent content)
    {
        Sums = sums;
        Token = token;
        Content = content;
        Name = Digest.Of(token);
        SumsSha512 = Convert.ToHexStringLower(SHA512.HashData(sums));
        TokenSha512 = Convert.ToHexStringLower(SHA512.HashData(token));
    }

    /// <summary>Of the token, which has the digest of the rest in it.</summary>
    public Digest Name { get; }

    public ReadOnlyMemory<byte> Sums { get; }

    public ReadOnlyMemory<byte> Token { get; }

    public SealContent Content { get; }

    public string SumsSha512 { get; }

    public string TokenSha512 { get; }

    /// <summary>Whose time it is, and whether that is believed, is another question.</summary>
    /// <exception cref="LogException">It lists something else than seals do, or its token is not over it.</exception>
    public static CarriedSeal Parse(byte[] sums, byte[] token)
    {
        if (sums.Length > MaxSumsBytes)
        {
            throw new LogException($"seal: has {sums.Length} bytes, at most {MaxSumsBytes} are allowed");
        }

        try
        {
            var content = SealContent.Parse(sums);
            TimestampToken.Verify(token, name => CryptographicOperations.HashData(name, sums), TimestampAuthorities.None);
            return new CarriedSeal(sums, token, content);
        }
        catch (CmsException e)
        {
            throw new LogException($"seal: {e.Reason}", e);
        }
        catch (LogException e)
        {
            throw new LogException($"seal: {e.Message}", e);
        }
    }

    /// <summary>Those of some seals that stand for one of the records at least: they list it, or are over one that does, however many between.</summary>
    public static IReadOnlySet<Digest> Covering(IReadOnlyCollection<CarriedSeal> seals, IEnumerable<LogLeaf> records)
    {
        var entries = records.Select(SealContent.EntryOf).ToLookup(entry => SealContent.KeyOf(entry));
        var waiting = new Queue<CarriedSeal>(seals.Where(seal => seal.ListsOne(entries)));
        var after = seals.SelectMany(seal => seal.Content.Over.Select(over => (over, seal))).ToLookup(one => one.over, one => one.seal);
        var covering = new HashSet<Digest>();
        while (waiting.TryDequeue(out var seal))
        {
            if (covering.Add(seal.Name))
            {
                foreach (var next in after[(seal.SumsSha512, seal.TokenSha512)])
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return covering;
    }

    private bool ListsOne(ILookup<ulong, byte[]> entries)
    {
        for (int number = 0; number < Content.Entries; number++)
        {
            var listed = Sums.Slice(number * SealContent.EntryBytes, SealContent.EntryBytes);
            if (entries[SealContent.KeyOf(listed.Span)].Any(entry => listed.Span.SequenceEqual(entry)))
            {
                return true;
            }
        }

        return false;
    }
}
