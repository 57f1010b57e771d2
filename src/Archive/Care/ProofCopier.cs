using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Copies the proofs of records that a backup's log has. One under a newer checkpoint than the backup's is made anew under that.</summary>
/// <remarks>A proof that did not change since has the same length and time in both.</remarks>
internal sealed class ProofCopier(StoreLayout from, StoreLayout to, FolderSync sync, SignedCheckpoint checkpoint)
{
    private readonly LogProofs _made = new(to, sync);

    public void CopyAll()
    {
        if (!Directory.Exists(from.Proofs))
        {
            return;
        }

        Directory.CreateDirectory(to.Proofs);
        foreach (var file in new DirectoryInfo(from.Proofs).EnumerateFiles("*.tlog-proof"))
        {
            Copy(file);
        }
    }

    private void Copy(FileInfo file)
    {
        var copy = new FileInfo(Path.Combine(to.Proofs, file.Name));
        if (copy.Exists && copy.Length == file.Length && copy.LastWriteTimeUtc == file.LastWriteTimeUtc)
        {
            return;
        }

        byte[] bytes = File.ReadAllBytes(file.FullName);
        if (Find(bytes) is not { } proof || proof.Index >= checkpoint.Tree.Size
            || !Digest.TryParseHex(Path.GetFileNameWithoutExtension(file.Name), out var record))
        {
            return; // damaged, or of a record that came later; reindex makes it again
        }

        if (proof.Checkpoint.Tree.Size > checkpoint.Tree.Size)
        {
            _made.Keep([record], proof.Index, checkpoint);
            return;
        }

        AtomicFile.WriteLoosely(copy.FullName, bytes);
        File.SetLastWriteTimeUtc(copy.FullName, file.LastWriteTimeUtc);
    }

    private static TlogProof? Find(byte[] bytes)
    {
        try
        {
            return TlogProof.Parse(bytes);
        }
        catch (LogException)
        {
            return null;
        }
    }
}
