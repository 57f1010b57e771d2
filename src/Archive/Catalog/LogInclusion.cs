using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Shows that the log holds a record together with its signature: the entry itself, and a proof up to the checkpoint's root.</summary>
internal sealed class LogInclusion(TransparencyLog log)
{
    public VerificationCheck Check(RecordRow? row, Digest record, Digest signature)
    {
        try
        {
            return row switch
            {
                null => Fact(CheckOutcome.Absent, "the record is not in this archive's log"),
                { LogIndex: null } => Fact(CheckOutcome.Absent, "the record waits in incoming/"),
                { LogIndex: { } index } => Check(index, record, signature),
            };
        }
        catch (ArchiveException e)
        {
            return Fact(CheckOutcome.Failed, e.Message);
        }
    }

    /// <summary>Whether that entry of the log is of this record and this signature.</summary>
    public bool Holds(long index, Digest record, Digest signature)
    {
        var leaf = LogLeaf.Parse(log.Entries(index, index + 1).Single());
        return leaf.Record.Digest == record && leaf.Signature.Digest == signature;
    }

    private VerificationCheck Check(long index, Digest record, Digest signature)
    {
        if (log.FindCheckpoint() is not { } checkpoint || index >= checkpoint.Tree.Size)
        {
            return Fact(CheckOutcome.Failed, $"the log has no entry {index}");
        }

        byte[] entry = log.Entries(index, index + 1).Single();
        var leaf = LogLeaf.Parse(entry);
        if (leaf.Record.Digest != record || leaf.Signature.Digest != signature)
        {
            return Fact(CheckOutcome.Failed, $"entry {index} of the log is of another record or signature");
        }

        var proof = log.InclusionProof(index, checkpoint.Tree.Size);
        return MerkleTree.VerifyInclusion(new TreeLeaf(index, MerkleTree.HashLeaf(entry)), checkpoint.Tree, proof)
            ? Fact(CheckOutcome.Ok, $"entry {index} of {checkpoint.Tree.Size}, under the root of the checkpoint")
            : Fact(CheckOutcome.Failed, $"entry {index} of the log is not under the root of its checkpoint");
    }

    private static VerificationCheck Fact(CheckOutcome outcome, string detail) =>
        new() { Name = "log", Outcome = outcome, Detail = detail };
}
