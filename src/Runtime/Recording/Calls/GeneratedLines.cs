using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>What a job left and what it left nothing of, as the lines of one list.</summary>
internal static class GeneratedLines
{
    /// <summary>In order of the paths, one by one.</summary>
    /// <param name="outputs">In order.</param>
    /// <param name="temporary">In order; none of them is an output.</param>
    /// <param name="places">What is a program's cache.</param>
    public static IEnumerable<GeneratedFile> Of(
        IReadOnlyList<HashedOutput> outputs, IReadOnlyList<TouchedPath> temporary, PathPlaces places)
    {
        int next = 0;
        foreach (var output in outputs)
        {
            for (; next < temporary.Count && string.CompareOrdinal(temporary[next].Path, output.Change.Path) < 0; next++)
            {
                yield return RecordedFiles.Describe(temporary[next]);
            }

            yield return Describe(output, places);
        }

        for (; next < temporary.Count; next++)
        {
            yield return RecordedFiles.Describe(temporary[next]);
        }
    }

    private static GeneratedFile Describe(HashedOutput output, PathPlaces places)
    {
        var after = output.Change.After;
        return new GeneratedFile
        {
            Path = output.Change.Path,
            Kind = (after ?? output.Change.Before)!.Kind,
            Change = output.Change.Change,
            Mode = after?.OctalMode,
            Size = after?.Size ?? 0,
            Target = after?.Target,
            Digest = output.Digests is { } packed ? PackedDigests.Unpack(packed) : null,
            NotHashed = output.NotHashed,
            Kept = output.Kept,
            Class = places.ClassOfGenerated(output.Change.Path),
        };
    }
}
