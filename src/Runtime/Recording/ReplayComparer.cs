using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Compares a replay's results with the run's, and shows where the first ones that differ begin to.</summary>
internal sealed class ReplayComparer(RecordedRun run, BlobStore blobs)
{
    /// <summary>Of further ones the digests have to do.</summary>
    private const int MaxShown = 20;

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
        var caches = left.Where(file => file.Class == FileClass.Cache).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        ComparedOutput[] all =
        [
            .. OutputComparison.CompareOutcomes(run.Record.Outcome, outcome),
            // A program's cache holds times of other files; it is shown, and decides nothing.
            .. compared.Select(output => caches.Contains(output.Name) ? output with { Decides = false } : output),
        ];
        int shown = 0;
        for (int index = 0; index < all.Length; index++)
        {
            if (all[index] is { Result: ComparisonResult.Differs, Original: not null, Replayed: not null } && shown++ < MaxShown)
            {
                all[index] = all[index] with { FirstDifference = Show(all[index], outcome, hostPathOf) };
            }
        }

        return OutputComparison.Shorten(all);

        // A recording reads a file of which only the status was touched and leaves it out; a replay has not hashed its inputs.
        bool IsAsItWas(GeneratedFile file) => file.Change == FileChange.Changed && file.Digest is { } digest
            && recorded.TryGetValue(file.Path, out var before) && before.Mode == file.Mode
            && (before.Digest?.Sha256 == digest.Sha256 || (before.Use == FileUse.Present && files.StatusOnly.Contains(file.Path)));

        UsedFile? Untouched(string path) => standing.Contains(path) ? recorded.GetValueOrDefault(path) : null;
    }

    private FirstDifference? Show(ComparedOutput output, Outcome outcome, Func<string, string?> hostPathOf)
    {
        using var then = OpenOriginal(output);
        using var now = OpenReplayed(output, outcome, hostPathOf);
        return then is null || now is null ? null : FirstDifferenceFinder.Find(then, now);
    }

    private Stream? OpenOriginal(ComparedOutput output) => output.Name switch
    {
        "stdout" => OpenKept(run.Record.Outcome.Stdout?.Kept),
        "stderr" => OpenKept(run.Record.Outcome.Stderr?.Kept),
        _ => OpenKept(run.Generated.FirstOrDefault(file => file.Path == output.Name && file.Kept)),
    };

    private Stream? OpenReplayed(ComparedOutput output, Outcome outcome, Func<string, string?> hostPathOf)
    {
        switch (output.Name)
        {
            case "stdout":
                return OpenKept(outcome.Stdout?.Kept);
            case "stderr":
                return OpenKept(outcome.Stderr?.Kept);
            default:
                return hostPathOf(output.Name) is { } path && File.Exists(path) ? File.OpenRead(path) : null;
        }
    }

    private Stream? OpenKept(GeneratedFile? file) =>
        file is not null && Digest.TryParseHex(file.Digest?.Sha256, out var digest)
            ? OpenKept(new Descriptor { MediaType = MediaTypes.OctetStream, Digest = digest, Size = file.Size })
            : null;

    private Stream? OpenKept(Descriptor? blob) => blob is not null && blobs.Contains(blob.Digest) ? blobs.Open(blob) : null;
}
