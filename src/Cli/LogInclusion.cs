using Provenance.Archive;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>Proves that the log holds a record together with its signature, up to the root that its checkpoint names.</summary>
internal sealed class LogInclusion(TransparencyLog log, RecordRow row)
{
    private const string Name = "log";

    /// <summary>As <see cref="RecordVerifier"/> asks for it.</summary>
    public VerificationCheck Check(Digest record, Digest signature)
    {
        try
        {
            return row.LogIndex is { } index
                ? Check(index, record, signature)
                : New(CheckOutcome.Absent, "acknowledged, and not yet in the log");
        }
        catch (ArchiveException e)
        {
            return New(CheckOutcome.Failed, e.Message);
        }
    }

    private VerificationCheck Check(long index, Digest record, Digest signature)
    {
        if (log.FindCheckpoint() is not { } checkpoint || index >= checkpoint.Tree.Size)
        {
            return New(CheckOutcome.Failed, $"the checkpoint does not reach entry {index}");
        }

        byte[] entry = log.Entries(index, index + 1).Single();
        var leaf = LogLeaf.Parse(entry);
        if (leaf.Record.Digest != record || leaf.Signature.Digest != signature)
        {
            return New(CheckOutcome.Failed, $"entry {index} is another record's");
        }

        var proof = log.InclusionProof(index, checkpoint.Tree.Size);
        return MerkleTree.VerifyInclusion(new TreeLeaf(index, MerkleTree.HashLeaf(entry)), checkpoint.Tree, proof)
            ? New(CheckOutcome.Ok, $"entry {index} of {checkpoint.Tree.Size}, included in the checkpoint")
            : New(CheckOutcome.Failed, $"entry {index} is not what the checkpoint names");
    }

    private static VerificationCheck New(CheckOutcome outcome, string detail) => new() { Name = Name, Outcome = outcome, Detail = detail };
}
