using System.Globalization;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>Says in one fact what the logs of other archives prove of a record. The fact is told only where there is such a proof.</summary>
public static class OriginCheck
{
    /// <param name="leaf">The record with its signature, as it would be in any log.</param>
    /// <param name="proofs">Some.</param>
    /// <param name="known">The keys of logs and witnesses that are known here.</param>
    /// <returns>Null where there is none. Ok where a known log has the record, and nothing is wrong with any.</returns>
    public static VerificationCheck? Judge(LogLeaf leaf, IReadOnlyCollection<TlogProof> proofs, KnownKeys known)
    {
        if (proofs.Count == 0)
        {
            return null;
        }

        byte[] entry = leaf.ToBytes();
        try
        {
            // Of one log the one that says most: several come of several bundles.
            var judged = proofs.Select(proof => (Proof: proof, By: proof.Verify(entry, known)))
                .OrderBy(one => one.By.Log is null)
                .ThenByDescending(one => one.By.Cosignatures.Count)
                .ThenBy(one => one.Proof.Checkpoint.Tree.Size)
                .DistinctBy(one => LogOf(one.Proof.Checkpoint))
                .ToList();
            var outcome = judged[0].By.Log is null ? CheckOutcome.Absent : CheckOutcome.Ok;
            return Fact(outcome, string.Join("; ", judged.Select(one => Describe(one.Proof, one.By, known)))) with
            {
                Witnesses = judged[0].By.Log is null ? 0 : judged[0].By.Cosignatures.Count,
                Logs = [.. judged.Select(one => one.By.Log?.ToString()).OfType<string>()],
                CosignedLogs = judged.Where(one => one.By.Log is not null).GroupBy(one => one.By.Log!.ToString(), one => one.By.Cosignatures.Count)
                    .ToDictionary(log => log.Key, log => log.Max()),
            };
        }
        catch (LogException e)
        {
            return Fact(CheckOutcome.Failed, e.Message);
        }
    }

    public static VerificationCheck Fact(CheckOutcome outcome, string detail) => new() { Name = "origin", Outcome = outcome, Detail = detail };

    /// <summary>Two archives that took in the same record first have logs of one origin: only their keys tell them apart.</summary>
    private static string LogOf(SignedCheckpoint checkpoint)
    {
        string origin = checkpoint.Checkpoint.Origin;
        var keys = checkpoint.Note.Signatures.Where(line => line.Name == origin).Select(line => line.KeyId.ToString("x8", CultureInfo.InvariantCulture));
        return $"{origin}+{string.Join('+', keys)}";
    }

    private static string Describe(TlogProof proof, CheckpointSignatures by, KnownKeys known)
    {
        if (by.Log is not { } key)
        {
            return $"{proof.Place}, by the proof that came along; the key of that log is not known here";
        }

        string signed = $"{proof.Place}, under the root of a checkpoint signed by log key {key.Id:x8}";
        return known.Witnesses.Count == 0 ? signed : $"{signed}, {Cosignature.Tell(by.Cosignatures, known.Witnesses.Count)}";
    }
}
