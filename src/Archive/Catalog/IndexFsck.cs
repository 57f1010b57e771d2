using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Catalog;

/// <summary>Compares index.json, the names of images, with the blobs.</summary>
internal sealed class IndexFsck(BlobStore blobs)
{
    public IReadOnlyList<FsckFinding> Check()
    {
        try
        {
            return
            [
                .. from manifest in IndexFile.Read(blobs.Layout)
                   where !Digest.TryParse(manifest.Digest, out var digest) || !blobs.Contains(digest)
                   select Damage($"names manifest '{manifest.Digest}', which is not there"),
                .. IndexFile.LacksLayout(blobs.Layout)
                    ? [new FsckFinding(FsckSeverity.Damage, OciLayoutReader.LayoutFile, "is missing, so that other tools do not read the archive")]
                    : (FsckFinding[])[],
            ];
        }
        catch (ArchiveException e)
        {
            return [Damage(e.Message)];
        }
    }

    private static FsckFinding Damage(string message) => new(FsckSeverity.Damage, "index.json", message);
}
