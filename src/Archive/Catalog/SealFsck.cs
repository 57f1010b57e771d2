using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Compares the seals with the log and with each other, and their tokens with them.</summary>
internal sealed class SealFsck(StoreLayout layout, TransparencyLog log)
{
    public IEnumerable<FsckFinding> Check()
    {
        SealCheck check;
        var findings = new List<FsckFinding>();
        try
        {
            check = new SealCheck(layout, log, TimestampAuthorities.None);
        }
        catch (LogException e)
        {
            return [new FsckFinding(FsckSeverity.Damage, "seals", e.Message)];
        }

        foreach (var seal in check.All)
        {
            try
            {
                check.Verify(seal);
            }
            catch (ArchiveException e)
            {
                findings.Add(new FsckFinding(FsckSeverity.Damage, $"seals/{Path.GetFileName(seal.Folder)}", e.Message));
            }
        }

        return findings;
    }
}
