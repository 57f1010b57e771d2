using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>What the proof in a bundle shows: that somebody's log holds the record with this signature.</summary>
/// <param name="blobs">Where the bundle's blobs are.</param>
/// <param name="records">Of the bundle.</param>
/// <param name="known">The keys of logs and witnesses that are known here.</param>
public sealed class BundledProof(BlobStore blobs, IEnumerable<ImportedRecord> records, KnownKeys known)
{
    private readonly Dictionary<Digest, ImportedRecord> _records = records.ToDictionary(record => record.Record);

    /// <summary>A <see cref="LogCheck"/>.</summary>
    public VerificationCheck Check(Digest record, Digest signature)
    {
        try
        {
            return _records.TryGetValue(record, out var imported) && imported.Proof is { } proof
                ? Check(imported.Kind, record, signature, TlogProof.Parse(proof.Span))
                : Fact(CheckOutcome.Absent, "the bundle has no proof of a log");
        }
        catch (LogException e)
        {
            return Fact(CheckOutcome.Failed, e.Message);
        }
    }

    private VerificationCheck Check(RecordKind kind, Digest record, Digest signature, TlogProof proof)
    {
        var leaf = new LogLeaf
        {
            Kind = kind,
            Record = LeafBlob.Of(blobs.Read(record, CanonicalJson.MaxBytes)),
            Signature = LeafBlob.Of(blobs.Read(signature, CmsVerifier.MaxSignatureBytes)),
        };
        if (!proof.Includes(leaf.ToBytes()))
        {
            return Fact(CheckOutcome.Failed, "the proof does not lead from the record and its signature to the root of its checkpoint");
        }

        string place = $"entry {proof.Index} of {proof.Checkpoint.Tree.Size} in '{proof.Checkpoint.Checkpoint.Origin}'";
        var signatures = proof.Checkpoint.Verify(known);
        return signatures.Log is { } key
            ? Fact(CheckOutcome.Ok, $"{place}, under the root of a checkpoint signed by log key {key.Id:x8}") with { Witnesses = signatures.Cosignatures.Count }
            : Fact(CheckOutcome.Absent, $"{place}, by the proof in the bundle; the key of that log is not known here");
    }

    private static VerificationCheck Fact(CheckOutcome outcome, string detail) => new() { Name = "log", Outcome = outcome, Detail = detail };
}
