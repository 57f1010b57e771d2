using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>How the key of a log is followed by another.</summary>
public sealed partial class TransparencyLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes a new key for the log, has both keys say so, and signs with the new one from then on; the old one is gone then.</summary>
    /// <remarks>
    /// 1 the checkpoint is the log's, and nothing contradicts it · 2 the new key is written, and does nothing yet · 3 the rotation is signed with both and
    /// written: it is the commit · 4 the new key takes the old one's place · 5 the checkpoint gets the new key's signature beside the old one's.
    /// Killed after 3, whoever signs next does 4.
    /// </remarks>
    /// <param name="encrypted">Whether the new key is, by the passphrase of the keys that sign records.</param>
    /// <exception cref="LogException">The log has no entry yet, or its files are not what its key has signed.</exception>
    /// <exception cref="TrustException">The log's key cannot be used, or there is no passphrase.</exception>
    public LogRotation RotateKey(bool encrypted)
    {
        using var held = ArchiveLock.Take(layout, Patience);

        // :: Step 1
        var now = FindCheckpoint() ?? throw new LogException("log: has no entry yet, and no key that another could follow");
        var old = _keys.FindOrCreate(now.Checkpoint.Origin, now.IsSigned, mayAsk: true);
        _ = LastSigned(now, old);
        if (now.Verify(KnownKeys.Of([old.Verifier])).Log is null || !now.Tree.HasRoot(RootAt(now.Tree.Size)))
        {
            throw new LogException($"log: its key has not signed what its files come to at {now.Tree.Size} entries");
        }

        // :: Step 2
        var made = _keys.Prepare(now.Checkpoint.Origin, encrypted);

        // :: Step 3
        var rotation = LogRotation.Sign(now.Checkpoint, old, made);
        Directory.CreateDirectory(layout.LogRotations);
        sync(layout.Log);
        AtomicFile.Write(Path.Combine(layout.Log, LogRotation.PathFrom(old.Verifier)), rotation.ToBytes(), sync);

        // :: Step 4
        _keys.FinishRotation();

        // :: Step 5
        var both = now.With(made.Sign(now.Note.Text));
        _keys.Publish(made.Verifier);
        AtomicFile.Write(layout.Checkpoint, both.ToBytes(), sync);
        _keys.KeepSeen(both);
        return rotation;
    }
}
