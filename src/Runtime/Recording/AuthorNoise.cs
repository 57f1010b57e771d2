using System.Globalization;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>How much the results of a run varied when its author ran it a second time.</summary>
/// <param name="Record">The replay record that says so.</param>
/// <param name="Outputs">By name, those that were not identical.</param>
internal sealed record AuthorNoise(Digest Record, IReadOnlyDictionary<string, ComparedOutput> Outputs)
{
    /// <summary>The newest such record that verifies and is signed by who signed the run: nobody else can say how much it varies.</summary>
    /// <returns>Null when there is none in this archive.</returns>
    public static AuthorNoise? Find(Digest run, StoreLayout layout, BlobStore blobs, TimeProvider clock)
    {
        using var finder = RecordFinder.Open(blobs, Files.SyncFolder);
        if (finder.FindRun(run)?.SignerCertificate is not { } author)
        {
            return null;
        }

        var verifier = new RecordVerifier(blobs, TrustedCertificates.Load(layout), clock, finder.Evidence());
        foreach (var row in finder.ReplaysOf(run).Where(row => row.IsNoiseFloor && row.SignerCertificate == author))
        {
            var record = finder.Get(row.Record.Hex);
            if (verifier.Verify(record.Record, record.Signature).Holds)
            {
                var replay = RecordJson.ParseReplay(blobs.Read(record.Record, CanonicalJson.MaxBytes)).Predicate;
                return new AuthorNoise(row.Record, Varied(replay));
            }
        }

        return null;
    }

    /// <summary>An output with what is known of it here.</summary>
    public ComparedOutput AddTo(ComparedOutput output) => Outputs.TryGetValue(output.Name, out var then)
        ? output with { Noise = new OutputNoise { Result = then.Result, Worst = then.Worst, Covers = Covers(then, output) } }
        : output;

    /// <summary>Where it was not numbers that varied, there is no measure of how much, and nothing is covered but the same content.</summary>
    private static bool Covers(ComparedOutput then, ComparedOutput now)
    {
        if (now.Result <= ComparisonResult.SameContent)
        {
            return now.Result <= then.Result;
        }

        return now.Result is ComparisonResult.WithinTolerance or ComparisonResult.Differs
            && then.Worst is { } floor && now.Worst is { } worst
            && Number(worst.Absolute) <= Number(floor.Absolute) && (worst.Relative is null) == (floor.Relative is null)
            && (worst.Relative is null || Number(worst.Relative) <= Number(floor.Relative!));
    }

    /// <summary>What is no finite number is larger than all.</summary>
    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    private static Dictionary<string, ComparedOutput> Varied(ReplayRecord replay)
    {
        var varied = new Dictionary<string, ComparedOutput>(StringComparer.Ordinal);
        foreach (var output in replay.Comparison.Where(output => output.Result != ComparisonResult.Identical))
        {
            varied.TryAdd(output.Name, output);
        }

        return varied;
    }
}
