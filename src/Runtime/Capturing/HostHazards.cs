using Provenance.Archive.Records;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Capturing;

/// <summary>What in a run on the host's own files may keep it from being replayed elsewhere.</summary>
internal static class HostHazards
{
    /// <param name="image">What was packed.</param>
    /// <param name="unplaced">Files that the job made in folders of the system.</param>
    public static IEnumerable<Hazard> Of(CapturedImage image, IReadOnlyList<string> unplaced)
    {
        if (image.Private.Count > 0)
        {
            yield return CallHazards.Of(
                "private-files",
                "the job read files that hold secrets or identify the machine; they are not in the image, and a replay lacks them",
                image.Private,
                "let it do without them, or show what it needs with -v");
        }

        if (unplaced.Count > 0)
        {
            yield return CallHazards.Of(
                "output-in-system",
                "the job made files in folders of the system, where a replay cannot",
                unplaced,
                "have it write into the working folder");
        }
    }
}
