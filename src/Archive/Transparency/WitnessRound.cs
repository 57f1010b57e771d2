using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Transparency;

/// <summary>Asks the witnesses that config.toml names to cosign the log's newest checkpoint, and keeps what those known here have signed.</summary>
/// <remarks>
/// 1 nothing is asked where the checkpoint is cosigned by as many already as there are witnesses · 2 each is asked at the same time · 3 a
/// cosignature must be of a key in trust/*.vkey, hold, and be of now · 4 it is kept as one that a person took (<see cref="CheckpointCosigner"/>).
/// No lock is held while anybody is waited for.
/// </remarks>
public sealed class WitnessRound(StoreLayout layout, FolderSync sync, TimeProvider clock)
{
    /// <summary>A cosignature of another time than now is of no use, whichever of the two clocks is wrong.</summary>
    private static readonly TimeSpan MaxDeviation = TimeSpan.FromHours(24);

    /// <exception cref="ArchiveException">config.toml, trust/ or the log cannot be read.</exception>
    public WitnessReport Ask()
    {
        var settings = ArchiveSettings.Read(layout).Log;
        var log = new TransparencyLog(layout, sync);
        if (settings.Witnesses.Count == 0 || log.FindCheckpoint() is not { IsSigned: true, Tree.Size: > 0 } checkpoint)
        {
            return WitnessReport.Nobody;
        }

        // :: Step 1
        var known = KnownKeys.Load(layout);
        var report = new WitnessReport { Size = checkpoint.Tree.Size, Required = settings.Required, Cosignatures = checkpoint.Verify(known).Cosignatures };
        if (report.Cosignatures.Count >= settings.Witnesses.Count)
        {
            return report;
        }

        // :: Step 2
        var problems = new List<string>();
        var lines = new List<NoteSignature>();
        foreach (var (witness, answer) in AskAll(settings, log, checkpoint))
        {
            try
            {
                lines.AddRange(answer().Where(line => IsTaken(line, checkpoint, known, witness)));
            }
            catch (Exception e) when (e is ArchiveException or HttpRequestException or OperationCanceledException or IOException)
            {
                problems.Add(e is ArchiveException ? e.Message : $"witness '{witness}': {Reason(e, settings)}");
            }
        }

        // :: Step 4
        if (lines.Count > 0)
        {
            var cosigned = lines.Aggregate(checkpoint, (whole, line) => whole.With(line));
            report = report with { Cosignatures = new CheckpointCosigner(layout, sync).Take(cosigned.ToBytes()).Signatures.Cosignatures };
        }

        return report with { Problems = problems };
    }

    private List<(Uri Witness, Func<IReadOnlyList<NoteSignature>> Answer)> AskAll(
        WitnessSettings settings, TransparencyLog log, SignedCheckpoint checkpoint)
    {
        long seen = new CosignedCheckpoints(layout, sync).Sizes.LastOrDefault(size => size <= checkpoint.Tree.Size);
        using var timeout = new CancellationTokenSource(settings.Timeout, clock);
        using var client = new WitnessClient(log, checkpoint);
        var asked = settings.Witnesses.Select(witness => (witness, Task: Task.Run(() => client.Ask(witness, seen, timeout.Token)))).ToList();
        Task.WhenAll(asked.Select(one => one.Task)).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        return [.. asked.Select(one => (one.witness, (Func<IReadOnlyList<NoteSignature>>)(() => one.Task.GetAwaiter().GetResult())))];
    }

    /// <summary>:: Step 3. Lines of keys that are not known here are passed over, as the specification wants.</summary>
    private bool IsTaken(NoteSignature line, SignedCheckpoint checkpoint, KnownKeys known, Uri witness)
    {
        if (known.Find(line) is not { Role: NoteKeyRole.Witness } key)
        {
            throw new WitnessException(witness, $"signs as '{line.Name}+{line.KeyId:x8}', which is no witness known here: its key belongs into trust/*.vkey");
        }

        if (!key.Verifies(checkpoint.Note.Text, line))
        {
            throw new WitnessException(witness, $"the signature of '{key.Label}' does not hold");
        }

        var time = Cosignature.FindTime(line.Bytes.Span)!.Value;
        return (time - clock.GetUtcNow()).Duration() <= MaxDeviation
            ? true
            : throw new WitnessException(
                witness, string.Create(CultureInfo.InvariantCulture, $"its time is {time:u}, which is more than a day from this machine's clock"));
    }

    private static string Reason(Exception e, WitnessSettings settings) => e is OperationCanceledException
        ? $"no answer within {settings.Timeout.TotalSeconds:0} s"
        : e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
