using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;

namespace Provenance.Runtime.Recording;

/// <summary>What a replay finds out beyond the host's fitness: inputs, secrets and standard input. Rules in schema/FORMAT.d/recording.md.</summary>
internal static class ReplayFindings
{
    private const int MaxEvidence = 20;

    /// <summary>The assessment with these findings after its own.</summary>
    public static Assessment Add(Assessment assessment, IEnumerable<Finding> findings)
    {
        Finding[] own = [.. findings];
        Finding[] all = [.. assessment.Findings, .. own];
        bool isRefused = own.Any(finding => finding.Verdict == Verdict.Refuse);
        bool isInDoubt = own.Any(finding => finding.Verdict == Verdict.Warn) && assessment.SameResults == Answer.Yes;
        return assessment with
        {
            Findings = all,
            Runs = isRefused ? Answer.No : assessment.Runs,
            SameResults = isRefused ? Answer.No : isInDoubt ? Answer.Unknown : assessment.SameResults,
            Verdict = all.Select(finding => finding.Verdict).DefaultIfEmpty(Verdict.Ok).Max(),
        };
    }

    /// <param name="image">That the run had.</param>
    /// <param name="blobs">Of the archives that may have it; the first has its record.</param>
    /// <param name="isUnpacked">Its files stand ready, so that its layers are not asked for.</param>
    public static IEnumerable<Finding> OfImage(RunImage image, IReadOnlyList<BlobStore> blobs, bool isUnpacked)
    {
        if (!blobs[0].Contains(image.Record))
        {
            yield return NoImage(image, [image.Record], blobs[0]);
        }
        else if (!isUnpacked)
        {
            var imported = RecordJson.ParseImage(blobs[0].Read(image.Record, CanonicalJson.MaxBytes)).Predicate;
            Digest[] needed = [imported.Manifest.Digest, imported.Config.Digest, .. imported.Layers.Select(layer => layer.Blob.Digest)];
            Digest[] missing = [.. needed.Where(blob => !blobs.Any(store => store.Contains(blob)))];
            if (missing.Length > 0)
            {
                yield return NoImage(image, missing, blobs[0]);
            }
        }
    }

    public static IEnumerable<Finding> OfInputs(IReadOnlyList<MissingInput> missing, int unproved)
    {
        if (missing.Count > 0)
        {
            yield return Refuse(
                "INPUT-1",
                $"{missing.Count} inputs of the run are missing or changed",
                [.. missing.Take(MaxEvidence).Select(input => $"{input.Path}: {input.Reason}")],
                "say where they are with --bind");
        }

        if (unproved > 0)
        {
            yield return Warn(
                "INPUT-2", $"{unproved} files were not hashed by the run; they have the same sizes, and nothing more is known");
        }
    }

    /// <param name="missing">Names of variables.</param>
    /// <param name="wereAsked">Somebody passed them on; else the job had the whole of the caller's environment, needed or not.</param>
    public static IEnumerable<Finding> OfSecrets(IReadOnlyList<string> missing, bool wereAsked)
    {
        if (missing.Count > 0 && !wereAsked)
        {
            yield return Warn(
                "ENV-2",
                $"the values of {string.Join(", ", missing)} are not in the record, and the replay lacks them; the run had all of its caller's environment");
        }
        else if (missing.Count > 0)
        {
            yield return Refuse(
                "ENV-1",
                $"the values of {string.Join(", ", missing)} are not in the record, and none that is given is the same",
                missing,
                "set them in your environment, or give them with --env");
        }
    }

    /// <param name="stdin">As recorded.</param>
    /// <param name="isFound">Whether the file's content is to be had.</param>
    public static IEnumerable<Finding> OfStdin(StandardInput stdin, bool isFound)
    {
        if (stdin is { Digest: { } digest, Kind: "pipe" } && !isFound)
        {
            yield return Warn(
                "STDIN-1",
                $"of standard input, a pipe, the job read {stdin.Size} bytes, which were not kept; the replay has an empty one",
                [$"sha256:{digest.Sha256}"],
                "record it with '--keep outputs' or '--keep all', or give it a file: '< FILE'");
        }
        else if (stdin is { Kind: "pipe" or "terminal" or "other" } && !isFound)
        {
            yield return Warn(
                "STDIN-1", $"standard input was a {stdin.Kind} and is not recorded; the replay has an empty one");
        }

        if (stdin.Kind == "file" && !isFound)
        {
            yield return Refuse(
                "STDIN-2", $"standard input was '{stdin.Path}', which is missing or changed", [], "put the file back");
        }
    }

    /// <param name="run">As recorded.</param>
    /// <param name="obstacle">Why this host has no terminals to give; null when it has.</param>
    public static IEnumerable<Finding> OfTerminals(RunRecord run, string? obstacle)
    {
        var streams = JobTerminals.Of(run);
        if (streams.Count == 0)
        {
            yield break;
        }

        string[] unsized = [.. streams.Where(stream => JobTerminals.SizeOf(run.Invocation, stream) is null)];
        if (obstacle is not null)
        {
            yield return Warn(
                "TERM-1",
                $"{string.Join(", ", streams)} of the job were a terminal, and this host has none to give; many programs write otherwise to a file",
                [obstacle],
                "mount a devpts at /dev/pts, and link /dev/ptmx to its ptmx");
        }
        else if (unsized.Length > 0)
        {
            yield return Warn(
                "TERM-2",
                "the job had a terminal whose size is not in the record; the replay has one without a size",
                unsized,
                "record the run again: its size is recorded now");
        }
    }

    private static Finding NoImage(RunImage image, IReadOnlyList<Digest> missing, BlobStore blobs)
    {
        var dropped = new DroppedBlobs(blobs.Layout);
        string fate = missing.Select(dropped.Find).OfType<DroppedBlob>().FirstOrDefault() is { } note ? $": it was {DroppedBlobs.FateOf(note)}" : "";
        var finding = Refuse(
            "IMAGE-1",
            $"the run's image, '{image.Reference}', is not in the archive{fate}",
            [.. missing.Take(MaxEvidence).Select(blob => $"{blob} is missing")],
            "import the image again, or pull or import the run together with its image");
        return finding with { CanForce = false };
    }

    private static Finding Refuse(string rule, string message, IReadOnlyList<string> evidence, string remedy) => new()
    {
        Rule = rule,
        Verdict = Verdict.Refuse,
        Message = message,
        Evidence = evidence,
        Remedy = remedy,
        CanForce = true,
    };

    private static Finding Warn(string rule, string message, IReadOnlyList<string>? evidence = null, string? remedy = null) => new()
    {
        Rule = rule,
        Verdict = Verdict.Warn,
        Message = message,
        Evidence = evidence ?? [],
        Remedy = remedy,
        CanForce = true,
    };
}
