using System.Security.Cryptography;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Transparency;

/// <summary>Has the time stamped over what the log holds, before what was stamped earlier grows old. <c>prov archive renew</c>.</summary>
public sealed class SealMaker(StoreLayout layout, FolderSync sync, TimeProvider clock)
{
    /// <summary>An authority's certificate that ends sooner is renewed.</summary>
    private static readonly TimeSpan EarlyEnough = TimeSpan.FromDays(365);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="always">Also when there is nothing new, and the last seal will be good for long.</param>
    /// <returns>What was done, or that nothing was.</returns>
    /// <exception cref="TimestampException">No authority gave a token; nothing was written.</exception>
    /// <exception cref="ArchiveException">The archive is locked, or config.toml names no authority, or the last seal is damaged.</exception>
    public SealReport Renew(bool always)
    {
        var settings = ArchiveSettings.Read(layout).Time;
        if (settings.Authorities.Count == 0)
        {
            throw new ArchiveException($"settings '{layout.Config}': no 'time.tsa' names who is to be asked for the time");
        }

        // A gc leaves what is younger than the oldest lease, such as a seal that has no name yet.
        using var lease = WriterLease.TryTake(layout);
        using var held = ArchiveLock.Take(layout, Patience);
        var log = new TransparencyLog(layout, sync);
        var seals = Seal.List(layout);
        var last = seals.Count > 0 ? seals[^1] : null;
        var next = Seal.Next(seals, log.Size, layout);
        var authorities = TimestampAuthorities.Load(layout);
        var stamped = last is null ? null : new SealCheck(layout, log, authorities).Verify(last);
        var carried = NotYetCovered(seals);
        if (!always && next.From == next.Size && carried.Count == 0 && (last is null || stamped!.Authority.NotAfter - clock.GetUtcNow() > EarlyEnough))
        {
            return new SealReport { Entries = 0, Carried = 0, Size = next.Size, Last = stamped };
        }

        byte[] sums = SealSums.ToBytes(SealSums.Lines(next, last, log, carried));
        byte[] hash = SHA512.HashData(sums);
        using var client = new TimestampClient(settings, authorities, clock);
        byte[] token = client.Stamp(hash, "log");
        Write(layout, sync, next, sums, token);
        return new SealReport
        {
            Entries = next.Size - next.From,
            Carried = carried.Count,
            Size = next.Size,
            Folder = next.Folder,
            Last = TimestampToken.Verify(token, _ => hash, authorities),
        };
    }

    /// <summary>Seals that came along with records, in order of name: their authorities grow old, too. fsck tells of one that is damaged.</summary>
    private List<CoveredSeal> NotYetCovered(IEnumerable<Seal> seals)
    {
        var kept = new OriginSeals(layout, sync);
        var covered = kept.Names.Count == 0 ? [] : seals.SelectMany(CoveredSeal.ListedIn).Select(seal => seal.Name).ToHashSet();
        var carried = new List<CoveredSeal>();
        foreach (var name in kept.Names.Where(name => !covered.Contains(name)).Take(CoveredSeal.MaxPerSeal))
        {
            try
            {
                carried.Add(CoveredSeal.Of(kept.Read(name)));
            }
            catch (LogException)
            {
                // It is sealed when it is whole again.
            }
        }

        return carried;
    }

    /// <summary>Under another name first: a seal is there as a whole or not at all.</summary>
    internal static void Write(StoreLayout layout, FolderSync sync, Seal seal, byte[] sums, byte[] token)
    {
        Directory.CreateDirectory(layout.Seals);
        sync(layout.Root);
        var unfinished = seal with { Folder = AtomicFile.TemporaryBeside(seal.Folder) };
        Directory.CreateDirectory(unfinished.Folder);
        AtomicFile.Write(unfinished.SumsPath, sums, sync);
        AtomicFile.Write(unfinished.TokenPath, token, sync);
        Directory.Move(unfinished.Folder, seal.Folder);
        sync(layout.Seals);
    }
}
