using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>Keeps what the logs of other archives prove of a bundle's records, so that it is not lost here, nor at the next hop.</summary>
/// <remarks>Whose log it is matters to whoever verifies. Here it must lead from the very record and signature that the archive has to a signed root.</remarks>
internal sealed class OriginIntake(StoreLayout layout, FolderSync sync)
{
    private readonly OriginProofs _kept = new(layout, sync);
    private readonly TransparencyLog _log = new(layout, sync);
    private readonly KnownKeys _known = KnownKeys.Load(layout);
    private readonly KnownKeys _own = KnownKeys.Of(LogRotation.KeysOf(layout));
    private readonly List<RefusedProof> _refused = [];

    /// <param name="bundle">Found good.</param>
    /// <param name="signatureOf">The signature that the archive has of a record, or will have.</param>
    /// <returns>What was not kept.</returns>
    public IReadOnlyList<RefusedProof> Keep(ArrivedBundle bundle, Func<BundledRecord, Digest> signatureOf)
    {
        foreach (var listed in bundle.Manifest.Records.Where(listed => listed.Proof is not null || listed.Origins is not null))
        {
            if (signatureOf(listed) != listed.Signature.Digest)
            {
                Refuse(listed, "it is of another signature than the archive has");
                continue;
            }

            var leaf = new LogLeaf { Kind = listed.Kind, Record = listed.Record, Signature = listed.Signature };
            foreach (byte[] proof in bundle.ProofsOf(listed))
            {
                Keep(listed, leaf, proof);
            }
        }

        return _refused;
    }

    private void Keep(BundledRecord listed, LogLeaf leaf, byte[] bytes)
    {
        try
        {
            var proof = OriginProof.Parse(bytes);
            if (!IsOfOwnLog(proof.Proof, leaf) && _kept.Keep(leaf, proof, _known) == OriginOutcome.NoRoom)
            {
                Refuse(listed, $"the archive has {OriginProofs.MaxPerRecord} of the record, and the key of this one's log is not known here");
            }
        }
        catch (LogException e)
        {
            Refuse(listed, e.Message);
        }
    }

    /// <summary>A record that came home. Where the own log does not have it any more, the proof shows that it had, and is kept.</summary>
    /// <remarks>The origin does not tell: an archive that took in the same record first has one of the same name.</remarks>
    private bool IsOfOwnLog(TlogProof proof, LogLeaf leaf)
    {
        try
        {
            return _log.FindCheckpoint() is { } own
                && proof.Checkpoint.Verify(_own).Log is not null
                && proof.Index < own.Tree.Size
                && _log.Entry(proof.Index).AsSpan().SequenceEqual(leaf.ToBytes());
        }
        catch (LogException)
        {
            return false; // fsck tells what is the matter with the log
        }
    }

    private void Refuse(BundledRecord listed, string reason) => _refused.Add(new RefusedProof(listed.Record.Digest, reason));
}
