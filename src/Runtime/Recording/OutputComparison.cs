using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;

namespace Provenance.Runtime.Recording;

/// <summary>Compares what a run gave with what its replay gave: the files it made, its exit status, its streams. Records in, verdict out.</summary>
/// <remarks>
/// Standard error only informs, for progress and times stand there. Whether a file was created or changed does not matter,
/// since a replay may begin without a file that the run overwrote; what counts is what stands there afterwards.
/// </remarks>
internal static class OutputComparison
{
    /// <summary>Identical outputs listed in a record one by one; the others are counted.</summary>
    public const int MaxIdentical = 1000;

    public const string ExitStatus = "exit status";
    public const string Stdout = "stdout";
    public const string Stderr = "stderr";

    /// <param name="then">In ordinal order of the paths.</param>
    /// <param name="now">In ordinal order of the paths.</param>
    /// <param name="untouched">What stands at a path that the replay did not touch; null when nothing does.</param>
    public static IReadOnlyList<ComparedOutput> CompareFiles(
        IReadOnlyList<GeneratedFile> then, IReadOnlyList<GeneratedFile> now, Func<string, UsedFile?> untouched)
    {
        var made = now.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var known = then.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var compared = then.Select(file => Compare(file, made.GetValueOrDefault(file.Path), untouched(file.Path)));
        var unexpected = now.Where(file => !known.Contains(file.Path)).Select(Unexpected);
        return [.. compared.Concat(unexpected).OrderBy(output => output.Name, StringComparer.Ordinal)];
    }

    /// <summary>Exit status, standard output and standard error.</summary>
    public static IEnumerable<ComparedOutput> CompareOutcomes(Outcome then, Outcome now)
    {
        bool same = then.ExitCode == now.ExitCode && then.Signal == now.Signal;
        yield return new ComparedOutput
        {
            Name = ExitStatus,
            Result = same ? ComparisonResult.Identical : ComparisonResult.Differs,
            Decides = true,
            Note = same ? Status(then) : $"{Status(then)} then, {Status(now)} now",
        };
        yield return CompareStreams(Stdout, then.Stdout, now.Stdout, decides: true);
        if (then.Stderr is not null || now.Stderr is not null)
        {
            yield return CompareStreams(Stderr, then.Stderr, now.Stderr, decides: false);
        }
    }

    /// <param name="outputs">All of them.</param>
    /// <param name="policy">What counts as reproduced.</param>
    public static ReplayVerdict Judge(IReadOnlyList<ComparedOutput> outputs, ComparisonPolicy policy)
    {
        var failing = outputs.Where(output => output.Decides && !policy.Accepts(output)).ToList();
        if (failing.Count == 0)
        {
            return ReplayVerdict.Reproduced;
        }

        return failing.TrueForAll(output => output.Result == ComparisonResult.NotComparable)
            ? ReplayVerdict.Failed
            : ReplayVerdict.Differs;
    }

    /// <summary>The worst result of the outputs that decide; null when there are none.</summary>
    public static ComparisonResult? Agreement(IReadOnlyList<ComparedOutput> outputs) =>
        outputs.Where(output => output.Decides).Select(output => (ComparisonResult?)output.Result).DefaultIfEmpty(null).Max();

    /// <summary>Leaves out identical outputs beyond <see cref="MaxIdentical"/>, and says how many.</summary>
    public static IReadOnlyList<ComparedOutput> Shorten(IReadOnlyList<ComparedOutput> outputs)
    {
        int identical = 0;
        var listed = outputs.Where(output => output.Result != ComparisonResult.Identical || ++identical <= MaxIdentical).ToList();
        if (identical > MaxIdentical)
        {
            listed.Add(new ComparedOutput
            {
                Name = "further files",
                Result = ComparisonResult.Identical,
                Decides = true,
                Note = $"{identical - MaxIdentical} more files are identical",
            });
        }

        return listed;
    }

    private static ComparedOutput Compare(GeneratedFile then, GeneratedFile? now, UsedFile? untouched)
    {
        var output = new ComparedOutput
        {
            Name = then.Path,
            Result = ComparisonResult.Identical,
            Decides = true,
            Original = then.Digest,
            Replayed = now?.Digest ?? untouched?.Digest,
        };
        if (then.Change == FileChange.Deleted)
        {
            bool stands = now is null ? untouched is not null : now.Change != FileChange.Deleted;
            return stands ? output with { Result = ComparisonResult.Differs, Note = "was deleted then, stands now" } : output;
        }

        if (now is null && untouched is not null)
        {
            now = AsGenerated(untouched);
        }

        if (now is null or { Change: FileChange.Deleted })
        {
            return output with { Result = ComparisonResult.Missing, Note = "was not made" };
        }

        return Compare(output, then, now);
    }

    private static ComparedOutput Compare(ComparedOutput output, GeneratedFile then, GeneratedFile now)
    {
        if (then.Kind != now.Kind)
        {
            return Differs(output, $"was a {Word(then.Kind)} then, is a {Word(now.Kind)} now");
        }

        if (then.Target != now.Target)
        {
            return Differs(output, $"pointed to '{then.Target}' then, to '{now.Target}' now");
        }

        if (then.Kind == FileKind.File && (then.Digest is null || now.Digest is null))
        {
            string reason = (then.Digest is null ? then : now).NotHashed ?? "was not read";
            return output with { Result = ComparisonResult.NotComparable, Note = reason };
        }

        if (then.Digest?.Sha256 != now.Digest?.Sha256)
        {
            return Differs(output, then.Size == now.Size ? null : $"{then.Size} bytes then, {now.Size} bytes now");
        }

        return then.Mode == now.Mode ? output : Differs(output, $"mode {then.Mode} then, {now.Mode} now");
    }

    private static ComparedOutput CompareStreams(string name, StreamOutcome? then, StreamOutcome? now, bool decides)
    {
        var output = new ComparedOutput
        {
            Name = name,
            Result = ComparisonResult.Identical,
            Decides = decides,
            Original = then?.Digest,
            Replayed = now?.Digest,
            Note = then is { WithStderr: true } ? "with standard error in between, as it was written to one place" : null,
        };
        if (then is null || now is null)
        {
            return output with { Result = ComparisonResult.NotComparable, Note = "was not captured" };
        }

        if (then.Digest.Sha256 == now.Digest.Sha256)
        {
            return output;
        }

        return Differs(output, then.Size == now.Size ? output.Note : $"{then.Size} bytes then, {now.Size} bytes now");
    }

    private static ComparedOutput Unexpected(GeneratedFile now) => new()
    {
        Name = now.Path,
        Result = ComparisonResult.Unexpected,
        Decides = true,
        Replayed = now.Digest,
        Note = now.Change == FileChange.Deleted ? "was not deleted then" : "was not made then",
    };

    private static ComparedOutput Differs(ComparedOutput output, string? note) =>
        output with { Result = ComparisonResult.Differs, Note = note };

    /// <summary>A file that the replay did not touch stands there as it was put.</summary>
    private static GeneratedFile AsGenerated(UsedFile file) => new()
    {
        Path = file.Path,
        Kind = file.Kind,
        Change = FileChange.Changed,
        Mode = file.Mode,
        Size = file.Size,
        Target = file.Target,
        Digest = file.Digest,
        NotHashed = file.NotHashed,
        Kept = false,
    };

    private static string Status(Outcome outcome) =>
        outcome.Signal is { } signal ? $"signal {signal}" : $"exit {outcome.ExitCode}";

    private static string Word(FileKind kind) => kind.ToString().ToLowerInvariant();
}
