using System.Security.Cryptography;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Care;

/// <summary>Makes damaged seals whole again. The caller holds the archive's lock.</summary>
/// <remarks>
/// What a seal lists follows from the log and the seal before it, so that only its token can be lost: that may come from anywhere, for it is over those
/// lines or it is not. Whose it is matters to whoever verifies. Seals are mended in their order; behind one that cannot be, none can.
/// </remarks>
internal sealed class SealRepair(StoreLayout layout, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    private readonly TransparencyLog _log = new(layout, sync);
    private readonly List<Repair> _repairs = [];

    public IReadOnlyList<Repair> Run()
    {
        if (!new SealFsck(layout, _log).Check().Any())
        {
            return [];
        }

        int last = Seal.Folders(layout).Select(seal => seal.Number).LastOrDefault();
        Seal? before = null;
        for (int number = 1; number <= last; number++)
        {
            before = Sizes(number).Select(size => TryMend(number, size, before)).FirstOrDefault(seal => seal is not null);
            if (before is null)
            {
                break;
            }
        }

        return _repairs;
    }

    /// <summary>Of the log, as the names of folders say, its own first.</summary>
    private IEnumerable<long> Sizes(int number) => sources.Archives.Prepend(layout)
        .SelectMany(Seal.Folders)
        .Where(seal => seal.Number == number)
        .Select(seal => seal.Size)
        .Distinct();

    private Seal? TryMend(int number, long size, Seal? before)
    {
        var seal = new Seal(number, before?.Size ?? 0, size, Seal.FolderOf(layout, number, size));
        if (size < seal.From || size > _log.Size)
        {
            return null;
        }

        try
        {
            var (sums, found) = Covered(seal)
                .Select(covered => SealSums.ToBytes(SealSums.Lines(seal, before, _log, covered)))
                .Select(lines => (Sums: lines, Found: FindToken(seal, lines)))
                .FirstOrDefault(one => one.Found is not null);
            if (found is null)
            {
                return null;
            }

            if (!Directory.Exists(seal.Folder))
            {
                SealMaker.Write(layout, sync, seal, sums, found.Token);
                Tell(seal.Folder, $"its lines made again from the log, the token over them fetched from '{found.From}'", aside: null);
                return seal;
            }

            Replace(seal.SumsPath, sums, "made again from the log; the token is over these lines");
            Replace(seal.TokenPath, found.Token, $"fetched from '{found.From}', and over the lines that the log gives");
            return seal;
        }
        catch (ArchiveException)
        {
            return null; // a log that is still damaged has been found by fsck
        }
    }

    /// <summary>The seals of other archives that it may be over: what it, or a copy of it, says; what no other seal is over; none. The token tells.</summary>
    private IEnumerable<IReadOnlyList<CoveredSeal>> Covered(Seal seal)
    {
        yield return CoveredSeal.ListedIn(seal);
        foreach (var archive in sources.Archives)
        {
            yield return CoveredSeal.ListedIn(seal with { Folder = Seal.FolderOf(archive, seal.Number, seal.Size) });
        }

        yield return OfNoOther(seal);
        yield return [];
    }

    private List<CoveredSeal> OfNoOther(Seal seal)
    {
        long from = 0;
        var others = new HashSet<Digest>();
        foreach (var (number, size, folder) in Seal.Folders(layout))
        {
            if (number != seal.Number)
            {
                others.UnionWith(CoveredSeal.ListedIn(new Seal(number, from, size, folder)).Select(covered => covered.Name));
            }

            from = size;
        }

        var kept = new OriginSeals(layout, sync);
        var left = new List<CoveredSeal>();
        foreach (var name in kept.Names.Where(name => !others.Contains(name)).Take(CoveredSeal.MaxPerSeal))
        {
            try
            {
                left.Add(CoveredSeal.Of(kept.Read(name)));
            }
            catch (LogException)
            {
                // OriginRepair looks after it.
            }
        }

        return left;
    }

    private FoundToken? FindToken(Seal seal, byte[] sums)
    {
        var places = sources.All.Where(source => source.Layout is not null).Select(source => (source.Layout!, source.Name)).Prepend((layout, layout.Root));
        foreach (var (archive, name) in places)
        {
            string path = (seal with { Folder = Seal.FolderOf(archive, seal.Number, seal.Size) }).TokenPath;
            if (TryRead(path) is { } token && IsOver(token, sums))
            {
                return new FoundToken(token, name);
            }
        }

        return null;
    }

    private static byte[]? TryRead(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= TimestampToken.MaxBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsOver(byte[] token, byte[] sums)
    {
        try
        {
            TimestampToken.Verify(token, name => CryptographicOperations.HashData(name, sums), TimestampAuthorities.None);
            return true;
        }
        catch (CmsException)
        {
            return false;
        }
    }

    private void Replace(string path, byte[] content, string how)
    {
        if (TryReadAll(path) is not { } there || !there.AsSpan().SequenceEqual(content))
        {
            string? aside = quarantine.Keep(path);
            AtomicFile.Write(path, content, sync);
            Tell(path, how, aside);
        }
    }

    private static byte[]? TryReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Tell(string path, string how, string? aside) =>
        _repairs.Add(Repair.Replacing(Path.GetRelativePath(layout.Root, path), how, aside));

    private sealed record FoundToken(byte[] Token, string From);
}
