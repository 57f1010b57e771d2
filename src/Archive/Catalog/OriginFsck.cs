using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Checks what is kept of the logs of other archives: each file is what its name says, and leads from a record of this archive.</summary>
internal sealed class OriginFsck(StoreLayout layout, FolderSync sync, TransparencyLog log)
{
    private readonly OriginProofs _kept = new(layout, sync);
    private readonly List<FsckFinding> _findings = [];

    public IReadOnlyList<FsckFinding> Check(CancellationToken cancellation)
    {
        Find(cancellation);
        CheckSeals(cancellation);
        return _findings;
    }

    /// <summary>The files that are damaged.</summary>
    public IReadOnlyList<(Digest Record, Digest Proof)> Damaged { get; private set; } = [];

    private void Find(CancellationToken cancellation)
    {
        var records = Records();
        if (records.Count == 0)
        {
            return;
        }

        var damaged = new List<(Digest Record, Digest Proof)>();
        var entries = Entries(records);
        var known = Known();
        foreach (var record in records.OrderBy(record => record.Hex, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!entries.TryGetValue(record, out byte[]? entry))
            {
                _findings.Add(new FsckFinding(FsckSeverity.Note, $"origins/{record.Hex}", "is of a record that is not in this archive"));
            }

            foreach (var name in _kept.Names(record))
            {
                if (Problem(record, name, entry, known) is { } problem)
                {
                    damaged.Add((record, name));
                    _findings.Add(new FsckFinding(FsckSeverity.Damage, SubjectOf(record, name), problem));
                }
            }
        }

        Damaged = damaged;
    }

    /// <summary>As repair names it, too.</summary>
    public static string SubjectOf(Digest record, Digest proof) => $"origins/{record.Hex}/{proof.Hex}.tlog-proof";

    /// <summary>The seals that are damaged.</summary>
    public IReadOnlyList<Digest> DamagedSeals { get; private set; } = [];

    /// <summary>As repair names it, too.</summary>
    public static string SubjectOf(Digest seal) => $"origins/seals/{seal.Hex}";

    private void CheckSeals(CancellationToken cancellation)
    {
        var seals = new OriginSeals(layout, sync);
        var damaged = new List<Digest>();
        foreach (var name in seals.Names)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                seals.Read(name);
            }
            catch (LogException e)
            {
                damaged.Add(name);
                _findings.Add(new FsckFinding(FsckSeverity.Damage, SubjectOf(name), e.Message));
            }
        }

        foreach (var (name, seal) in MissingSeals(seals.Names))
        {
            damaged.Add(name);
            _findings.Add(new FsckFinding(
                FsckSeverity.Damage, SubjectOf(name), $"is not here, and seal '{Path.GetFileName(seal.Folder)}' of this archive is over it"));
        }

        DamagedSeals = damaged;
    }

    /// <summary>Those that seals of this archive are over. What is the matter with these is found elsewhere.</summary>
    private List<(Digest Name, Seal Seal)> MissingSeals(IReadOnlyList<Digest> there)
    {
        try
        {
            return [.. Seal.List(layout)
                .SelectMany(seal => CoveredSeal.ListedIn(seal).Select(covered => (covered.Name, Seal: seal)))
                .ExceptBy(there, one => one.Name)];
        }
        catch (LogException)
        {
            return [];
        }
    }

    private HashSet<Digest> Records()
    {
        var records = new HashSet<Digest>();
        foreach (string folder in _kept.Folders)
        {
            if (Digest.TryParseHex(Path.GetFileName(folder), out var record))
            {
                records.Add(record);
            }
            else
            {
                _findings.Add(new FsckFinding(FsckSeverity.Note, $"origins/{Path.GetFileName(folder)}", "is no name of a record"));
            }
        }

        return records;
    }

    /// <summary>Of those records, from what waits and from the log. What of these cannot be read is found elsewhere.</summary>
    private Dictionary<Digest, byte[]> Entries(HashSet<Digest> records)
    {
        var entries = new Dictionary<Digest, byte[]>();
        try
        {
            var incoming = new IncomingRecords(layout, sync);
            foreach (var waiting in incoming.List().Where(records.Contains))
            {
                if (incoming.Find(waiting) is { } leaf)
                {
                    entries[waiting] = leaf.ToBytes();
                }
            }

            foreach (byte[] entry in log.Entries(0, log.Size))
            {
                if (LogLeaf.Parse(entry).Record.Digest is var logged && records.Contains(logged))
                {
                    entries[logged] = entry;
                }
            }
        }
        catch (ArchiveException)
        {
            // LogFsck tells of the log, LeftoverFsck of what waits.
        }

        return entries;
    }

    private KnownKeys Known()
    {
        try
        {
            return KnownKeys.Load(layout);
        }
        catch (ArchiveException)
        {
            return KnownKeys.None; // CheckpointFsck tells of it
        }
    }

    private string? Problem(Digest record, Digest name, byte[]? entry, KnownKeys known)
    {
        try
        {
            var kept = _kept.Read(record, name);
            if (entry is not null)
            {
                kept.Proof.Verify(entry, known);
            }

            return null;
        }
        catch (LogException e)
        {
            return e.Message;
        }
    }
}
