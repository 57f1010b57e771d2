using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Copies seals into a backup, this archive's and those it keeps of others: each is there as a whole or not at all.</summary>
/// <remarks>
/// File by file, a backup that is killed between the two would be left with lines that nobody has stamped. One of which earlier programs left a half is
/// finished. What the backup has whole outlives what is damaged here.
/// </remarks>
internal sealed class SealCopier(StoreLayout from, StoreLayout to, FolderSync sync)
{
    private readonly List<string> _damaged = [];

    /// <summary>Listed before those of other archives are copied, so that what they are over is in the backup before them.</summary>
    private readonly IReadOnlyList<Seal> _own = Seal.List(from);

    /// <summary>Seals of other archives that could not be copied, since they are damaged here; one sentence each.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>This archive's: their lines follow from the log, and a damaged one is told by whoever verifies, here and there.</summary>
    /// <param name="mirror">For the files of those that are there in part.</param>
    /// <param name="size">Entries of the log that the backup has.</param>
    public void CopyOwn(FileMirror mirror, long size)
    {
        foreach (var seal in _own.Where(seal => seal.Size <= size))
        {
            var copy = seal with { Folder = Seal.FolderOf(to, seal.Number, seal.Size) };
            if (!Directory.Exists(copy.Folder) && File.Exists(seal.SumsPath) && File.Exists(seal.TokenPath))
            {
                SealMaker.Write(to, sync, copy, File.ReadAllBytes(seal.SumsPath), File.ReadAllBytes(seal.TokenPath));
            }
            else
            {
                mirror.CopyBelow(seal.Folder);
            }
        }
    }

    /// <summary>Those that came along with records.</summary>
    public void CopyOrigins()
    {
        var here = new OriginSeals(from, sync);
        var there = new OriginSeals(to, sync);
        foreach (var name in here.Names)
        {
            try
            {
                there.Keep(here.Read(name));
            }
            catch (LogException e)
            {
                _damaged.Add(e.Message);
            }
        }
    }
}
