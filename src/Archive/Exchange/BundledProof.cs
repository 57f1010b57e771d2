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

    /// <summary>What logs of archives prove that the record came through before. An <see cref="OriginLookup"/>.</summary>
    public VerificationCheck? CheckOrigins(Digest record, Digest signature) =>
        _records.TryGetValue(record, out var imported) && imported.Origins.Count > 0
            ? OriginCheck.Judge(LogLeaf.Of(blobs, imported.Kind, record, signature), [.. imported.Origins.Select(proof => TlogProof.Parse(proof.Span))], known)
            : null;

    private VerificationCheck Check(RecordKind kind, Digest record, Digest signature, TlogProof proof)
    {
        var signatures = proof.Verify(LogLeaf.Of(blobs, kind, record, signature).ToBytes(), known);
        if (signatures.Log is not { } key)
        {
            return Fact(CheckOutcome.Absent, $"{proof.Place}, by the proof in the bundle; the key of that log is not known here");
        }

        string signed = $"{proof.Place}, under the root of a checkpoint signed by log key {key.Id:x8}";
        var fact = Fact(
            CheckOutcome.Ok, known.Witnesses.Count == 0 ? signed : $"{signed}, {Cosignature.Tell(signatures.Cosignatures, known.Witnesses.Count)}");
        return fact with { Witnesses = signatures.Cosignatures.Count, Logs = [key.ToString()] };
    }

    private static VerificationCheck Fact(CheckOutcome outcome, string detail) => new() { Name = "log", Outcome = outcome, Detail = detail };
}
