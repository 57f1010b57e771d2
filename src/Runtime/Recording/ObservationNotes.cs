using Provenance.Archive.Records;
using Provenance.Archive.Upkeep;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>Collects, for one run, what was not seen and what may keep it from being reproduced.</summary>
/// <param name="calls">The job's calls are observed: what only they tell is known.</param>
internal sealed class ObservationNotes(bool calls)
{
    /// <summary>Further sentences of one kind are counted, not written out.</summary>
    private const int MaxSentences = 20;

    private const string MissingOutput = "was declared as an output and not made";

    public List<string> NotSeen { get; } = calls ? [] :
    [
        "which of the mounted files the job read, and which of the image's",
        "files that were written and removed again while the job ran",
        "what was written outside the mounted folders",
        "what the job sent to or received from the network",
        "which programs the job started",
    ];

    public List<Hazard> Hazards { get; } = [];

    /// <summary>Leaves out of a listing what is covered by another mount, the archive itself, and where the job's streams go.</summary>
    public void Exclude(
        MountScanner scanner, MountSet opened, IReadOnlyList<Mount> mounts, string archive, IReadOnlyList<string> streamFiles)
    {
        foreach (var mount in mounts)
        {
            scanner.Exclude(mount.Destination);
        }

        foreach (string path in opened.PathsOf(archive))
        {
            scanner.Exclude(path);
            NotSeen.Add($"'{path}': it is the archive itself");
        }

        foreach (string path in streamFiles.SelectMany(opened.PathsOf))
        {
            scanner.Exclude(path);
            NotSeen.Add($"'{path}': the job's own output goes there, and is recorded as such");
        }
    }

    /// <param name="scan">What stood in the mounted folders when the job began.</param>
    /// <param name="options">With the limits, and the inputs that were declared.</param>
    /// <param name="isThere">Whether a declared input is elsewhere, where the job sees more than those folders.</param>
    public void AddScan(FolderScan scan, RecordingOptions options, Func<string, bool>? isThere = null)
    {
        AddHazard(
            "input-missing",
            // A listing with a limit does not tell that something is nowhere.
            scan.IsTruncated
                ? []
                : [.. options.Inputs.Where(path => isThere?.Invoke(path) != true && scan.Entries.All(entry => !ContainerPath.IsAtOrBelow(entry.Path, path)))],
            isThere is null ? "was declared as an input and is in none of the mounted folders" : "was declared as an input and is nowhere on this host");
        NotSeen.AddRange(scan.NotSeen.Take(MaxSentences));
        if (scan.NotSeen.Count > MaxSentences)
        {
            NotSeen.Add($"{scan.NotSeen.Count - MaxSentences} more folders and names that could not be read");
        }

        if (scan.IsTruncated)
        {
            NotSeen.Add($"files beyond the first {options.Limits.MaxEntries} of the mounted folders; "
                + "outputs among them are those whose times are later than the job's start");
        }
    }

    public void AddResults(
        IReadOnlyList<UsedFile> used,
        IReadOnlyList<GeneratedFile> generated,
        IReadOnlySet<string> overwritten,
        IReadOnlySet<string> disturbed,
        int beyondLimits,
        KeepBudget budget,
        RecordingOptions options)
    {
        if (beyondLimits > 0)
        {
            NotSeen.Add($"the content of {beyondLimits} files in the mounted folders, which were too many or too large");
        }

        AddHazard("input-disturbed", [.. disturbed], "was changed from outside while the job ran");
        AddHazard(
            "input-overwritten",
            [.. used.Where(file => file is { Kind: FileKind.File, Kept: false } && overwritten.Contains(file.Path)).Select(file => file.Path)],
            "stood there before, was replaced or removed by the job, and was not kept as it was");
        AddNotHashed(generated.Select(file => (file.Path, file.NotHashed)));
        AddHazard(
            "output-missing", [.. options.Outputs.Where(path => generated.All(file => file.Path != path || file.Change == FileChange.Deleted))],
            MissingOutput);
        AddNotKept(budget, options);
    }

    public void AddHazards(IEnumerable<Hazard> hazards) => Hazards.AddRange(hazards);

    /// <summary>What reading a job's outputs gave.</summary>
    public void AddOutputs(IReadOnlyList<HashedOutput> outputs, RecordingOptions options, KeepBudget budget)
    {
        AddNotHashed(outputs.Select(output => (output.Change.Path, output.NotHashed)));
        var made = outputs.Where(output => output.Change.After is not null)
            .Select(output => output.Change.Path)
            .ToHashSet(StringComparer.Ordinal);
        AddHazard("output-missing", [.. options.Outputs.Where(path => !made.Contains(path))], MissingOutput);
        AddNotKept(budget, options);
    }

    /// <summary>One hazard for each reason.</summary>
    private void AddNotHashed(IEnumerable<(string Path, string? Reason)> outputs)
    {
        foreach (var group in outputs.Where(output => output.Reason is not null).GroupBy(output => output.Reason, output => output.Path))
        {
            AddHazard("output-not-hashed", [.. group], $"without a digest: {group.Key}");
        }
    }

    private void AddNotKept(KeepBudget budget, RecordingOptions options)
    {
        if (budget.NotKept > 0)
        {
            string files = budget.NotKept == 1 ? "1 file was" : $"{budget.NotKept} files were";
            string reason = budget.IsDiskFull
                ? "the archive's disk is full"
                : $"a run keeps {ByteSize.Text(options.Limits.MaxKeptBytes)} at most, unless --keep-limit says more";
            Hazards.Add(new Hazard { Id = "content-not-kept", Message = $"{files} not kept: {reason}" });
        }
    }

    private void AddHazard(string id, IReadOnlyList<string> paths, string what)
    {
        if (paths.Count > 0)
        {
            string others = paths.Count > 1 ? $" and {paths.Count - 1} others" : "";
            Hazards.Add(new Hazard { Id = id, Message = $"'{paths[0]}'{others} {what}" });
        }
    }
}
