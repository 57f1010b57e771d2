using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;

namespace Provenance.Runtime.Recording;

/// <summary>What a replay finds out beyond the host's fitness: inputs, secrets and standard input. Rules in schema/FORMAT.d/recording.md.</summary>
internal static class ReplayFindings
{
    private const int MaxEvidence = 20;

    /// <summary>The kernel sets nproc by the machine's memory too; below this, batch systems and login nodes do, and jobs have met it.</summary>
    private const long EnoughProcesses = 4096;

    /// <summary>
    /// getrlimit(2): Linux does not enforce rss and locks; core says what is dumped of a job that failed. The kernel sets sigpending by the
    /// machine's memory, and no job is known that has so many.
    /// </summary>
    private static readonly string[] LimitsOfNoResult = ["core", "locks", "rss", "sigpending"];

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

    /// <param name="missing">What is nowhere as it was.</param>
    /// <param name="unproved">Paths of the files that are found by their size alone.</param>
    public static IEnumerable<Finding> OfInputs(IReadOnlyList<MissingInput> missing, IReadOnlyList<string> unproved)
    {
        if (missing.Count > 0)
        {
            yield return Refuse(
                "INPUT-1",
                $"{missing.Count} inputs of the run are missing or changed",
                [.. missing.Take(MaxEvidence).Select(input => $"{input.Path}: {input.Reason}")],
                "say where they are with --bind");
        }

        if (unproved.Count > 0)
        {
            yield return Warn(
                "INPUT-2",
                $"{unproved.Count} files were not hashed by the run; they have the same sizes, and nothing more is known",
                [.. unproved.Take(MaxEvidence)],
                "see that they are the same files; a run that names them with --input hashes them, however large");
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
                $"the values of {string.Join(", ", missing)} are not in the record, and the replay lacks them; the run had all of its caller's environment",
                missing,
                "set those that the job needs in your environment, or give them with --env");
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
                "STDIN-1",
                $"standard input was a {stdin.Kind} and is not recorded; the replay has an empty one",
                [stdin.Kind],
                "a run that takes its input from a file, 'prov run ... < FILE', has it in the record");
        }

        if (stdin.Kind == "file" && !isFound)
        {
            yield return Refuse(
                "STDIN-2", $"standard input was '{stdin.Path}', which is missing or changed", [], "put the file back");
        }
    }

    /// <param name="then">Of the run.</param>
    /// <param name="now">Of this process: its hard ones bound what the job can get.</param>
    public static IEnumerable<Finding> OfLimits(IReadOnlyList<ResourceLimit> then, IReadOnlyList<ResourceLimit> now)
    {
        string[] lower =
        [
            .. from limit in then
               join own in now on limit.Name equals own.Name
               where !LimitsOfNoResult.Contains(limit.Name) && (limit.Soft ?? long.MaxValue) > (own.Hard ?? long.MaxValue)
               where limit.Name != "nproc" || own.Hard < EnoughProcesses
               select $"{limit.Name}: {LimitWord(limit.Soft)} then, at most {LimitWord(own.Hard)} here",
        ];
        if (lower.Length > 0)
        {
            yield return Warn(
                "LIMIT-1",
                $"the run's resource limits are above the hard limits here, and the replay gets less ({string.Join("; ", lower)})",
                lower,
                "raise the hard limits for the replay (ulimit -H, limits.conf, or what the batch system has for it)");
        }
    }

    /// <param name="user">The job's.</param>
    /// <param name="isRoot">Whether this process can give groups.</param>
    public static IEnumerable<Finding> OfGroups(RunUser user, bool isRoot)
    {
        if (user.Groups is { Count: > 0 } groups && !isRoot)
        {
            yield return Warn(
                "GROUP-1",
                $"the job had further groups ({string.Join(", ", groups)}), which only root can give, and the replay lacks them",
                [.. groups.Select(group => $"{group}")],
                "replay it as root if the job goes by its groups");
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

    private static string LimitWord(long? value) => value is { } bounded ? $"{bounded}" : "unlimited";

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

    private static Finding Warn(string rule, string message, IReadOnlyList<string> evidence, string remedy) =>
        new() { Rule = rule, Verdict = Verdict.Warn, Message = message, Evidence = evidence, Remedy = remedy, CanForce = true };
}
