using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>Compares a replay's results with the run's: by digest, and where these differ, by what is in them.</summary>
/// <param name="run">The recorded run.</param>
/// <param name="blobs">Where its contents were kept.</param>
/// <param name="policy">What to ignore, and how far numbers may differ.</param>
/// <param name="folder">For what has to be unpacked.</param>
internal sealed class ReplayComparer(RecordedRun run, BlobStore blobs, ComparisonPolicy policy, string folder)
{
    /// <summary>What a note on a difference ends with that may be one of time alone.</summary>
    public const string LooksLikeTime = "looks like a date or time";

    /// <summary>Of further ones it is not shown where they differ.</summary>
    private const int MaxShown = 20;

    /// <summary>Of further ones the digests have to do.</summary>
    private const int MaxCompared = 10_000;

    private static readonly string NoBytes = Digest.Of([]).Hex;

    private readonly Dictionary<string, GeneratedFile> _generated = run.Generated.ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <param name="files">What the replay made.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="hostPathOf">Where a path of the container is in the scratch folder; null for nowhere.</param>
    public IReadOnlyList<ComparedOutput> Compare(
        ObservedFiles files, Outcome outcome, Func<string, string?> hostPathOf)
    {
        var standing = files.Used.Select(file => file.Path).Except(files.Generated.Select(file => file.Path))
            .ToHashSet(StringComparer.Ordinal);
        var recorded = run.Used.ToDictionary(file => file.Path, StringComparer.Ordinal);
        // What was gone when the run had ended is no result of it.
        var left = run.Generated.Where(file => file.Class != FileClass.Temporary).ToList();
        var generated = left.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var made = files.Generated.Where(file => generated.Contains(file.Path) || !IsAsItWas(file)).ToList();
        var compared = OutputComparison.CompareFiles(left, made, Untouched);
        var places = new PathPlaces(run.Record.Mounts, [], run.Record.Invocation.User.Home, run.Record.Invocation.WorkingDirectory);
        var additional = made.Where(file => !generated.Contains(file.Path)).Select(file => file with { Class = places.ClassOfGenerated(file.Path) });
        var own = left.Concat(additional).Where(file => file.Class is FileClass.Cache or FileClass.Configuration)
            .Select(file => file.Path)
            .ToHashSet(StringComparer.Ordinal);
        ComparedOutput[] all =
        [
            .. OutputComparison.CompareOutcomes(run.Record.Outcome, outcome),
            // A program's cache holds times of other files, its history that of other jobs; they are shown, and decide nothing.
            .. compared.Select(output => own.Contains(output.Name) ? output with { Decides = false } : output),
        ];
        var modes = made.ToDictionary(file => file.Path, file => file.Mode, StringComparer.Ordinal);
        int looked = 0;
        int shown = 0;
        for (int index = 0; index < all.Length; index++)
        {
            var output = Ignore(all[index]);
            if (output is { Result: ComparisonResult.Differs, Original: not null, Replayed: not null } && looked++ < MaxCompared)
            {
                output = Look(output, outcome, hostPathOf, modes.GetValueOrDefault(output.Name));
                bool isShown = output.FirstDifference is not null && shown++ < MaxShown;
                output = isShown ? output : output with { FirstDifference = null };
            }

            all[index] = output;
        }

        return OutputComparison.Shorten(all);

        // A recording reads a file of which only the status was touched and leaves it out; a replay has not hashed its inputs.
        bool IsAsItWas(GeneratedFile file) => file.Change == FileChange.Changed && file.Digest is { } digest
            && recorded.TryGetValue(file.Path, out var before) && before.Mode == file.Mode
            && (before.Digest?.Sha256 == digest.Sha256 || (before.Use == FileUse.Present && files.StatusOnly.Contains(file.Path)));

        UsedFile? Untouched(string path) => standing.Contains(path) ? recorded.GetValueOrDefault(path) : null;
    }

    /// <summary>How the job ended is never ignored.</summary>
    private ComparedOutput Ignore(ComparedOutput output) =>
        output.Decides && output.Name != OutputComparison.ExitStatus && policy.PatternFor(output.Name) is { } pattern
            ? output with { Decides = false, Ignored = pattern }
            : output;

    private ComparedOutput Look(ComparedOutput output, Outcome outcome, Func<string, string?> hostPathOf, string? modeNow)
    {
        using var then = OpenOriginal(output.Name);
        using var now = OpenReplayed(output.Name, outcome, hostPathOf);
        if ((then is null && IsEmpty(output.Original)) || (now is null && IsEmpty(output.Replayed)))
        {
            // Of nothing nothing was kept, and there is nothing to look at.
            return output;
        }

        if (then is null || now is null)
        {
            string side = then is null ? "the original was not kept" : "what came out now was not kept";
            return output with { Note = Joined(output.Note, $"{side}, only its digest") };
        }

        var context = new ComparisonContext
        {
            Tolerance = NumberTolerance.Of(policy.Tolerance),
            Folder = folder,
            Budget = new ExpansionBudget(ExpansionBudget.DefaultBytes),
        };
        var likeness = ContentComparer.Compare(new ComparedContent(output.Name, then), new ComparedContent(output.Name, now), context);

        // Only the content was looked at: of a file that has another mode too, the rest differs all the same.
        bool isSameMode = !_generated.TryGetValue(output.Name, out var file) || modeNow is null || file.Mode == modeNow;
        return Described(output, likeness, isSameMode ? null : $"mode {file!.Mode} then, {modeNow} now");
    }

    private static bool IsEmpty(DigestSet? content) => content?.Sha256 == NoBytes;

    private static ComparedOutput Described(ComparedOutput output, Likeness likeness, string? other)
    {
        bool isBetter = other is null && likeness.Result is ComparisonResult.SameContent or ComparisonResult.WithinTolerance;
        string? time = likeness.LooksLikeTime ? LooksLikeTime : null;
        return output with
        {
            Result = isBetter ? likeness.Result : ComparisonResult.Differs,
            Kind = likeness.Kind,
            Normalised = likeness.Normalised.Count > 0 ? likeness.Normalised : null,
            Worst = likeness.Worst,
            FirstDifference = likeness.First,
            Note = Joined(other, Joined(likeness.Note ?? (isBetter ? null : output.Note), time)),
        };
    }

    private static string? Joined(string? first, string? second) => first is null ? second : second is null ? first : $"{first}; {second}";

    private FileStream? OpenOriginal(string name) => name switch
    {
        OutputComparison.Stdout => OpenKept(run.Record.Outcome.Stdout),
        OutputComparison.Stderr => OpenKept(run.Record.Outcome.Stderr),
        _ => _generated.TryGetValue(name, out var file) && file.Kept && Digest.TryParseHex(file.Digest?.Sha256, out var digest)
            ? OpenBlob(digest)
            : null,
    };

    private FileStream? OpenReplayed(string name, Outcome outcome, Func<string, string?> hostPathOf) => name switch
    {
        OutputComparison.Stdout => OpenKept(outcome.Stdout),
        OutputComparison.Stderr => OpenKept(outcome.Stderr),
        _ => hostPathOf(name) is { } path ? TryOpen(path) : null,
    };

    /// <summary>The first bytes of a longer stream are no content.</summary>
    private FileStream? OpenKept(StreamOutcome? stream) => stream is { Truncated: false, Kept: { } kept } ? OpenBlob(kept.Digest) : null;

    /// <summary>As a file, since it may be read more than once; what the record names was proved when the run was loaded.</summary>
    private FileStream? OpenBlob(Digest digest) => TryOpen(blobs.Layout.BlobPath(digest));

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
