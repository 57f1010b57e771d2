using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The blobs that a record names with size and digests.</summary>
public static class RecordBlobs
{
    /// <summary>In the order they stand in the record. What the lists of files keep is named in the lists themselves.</summary>
    public static IEnumerable<Descriptor> Of(object? predicate) => predicate switch
    {
        ImageRecord image => Of(image),
        RunRecord run => Of(run),
        ReplayRecord replay => Of(replay.Outcome),
        RevocationRecord revocation => [revocation.List],
        _ => [],
    };

    /// <summary>Those of them that are contents, which the record can do without: kept streams and standard input.</summary>
    public static IEnumerable<Descriptor> ContentsOf(object? predicate) => predicate switch
    {
        RunRecord run => Present([run.Invocation.Stdin.Kept, .. Of(run.Outcome)]),
        ReplayRecord replay => Of(replay.Outcome),
        _ => [],
    };

    private static IEnumerable<Descriptor> Of(ImageRecord image) =>
        Present([image.Manifest, image.Index, image.Config, .. image.Layers.Select(layer => layer.Blob), image.Tree, image.Packages?.Blob]);

    private static IEnumerable<Descriptor> Of(RunRecord run) =>
        Present(
        [
            run.Image.Packages?.Blob, run.Invocation.Stdin.Kept, run.Used.Blob, run.Generated.Blob, run.Sought?.Blob,
            run.Executed?.Blob, .. Of(run.Outcome),
        ]);

    private static IEnumerable<Descriptor> Of(Outcome? outcome) =>
        Present([outcome?.Stdout?.Kept, outcome?.Stderr?.Kept]);

    private static IEnumerable<Descriptor> Present(IEnumerable<Descriptor?> blobs) => blobs.OfType<Descriptor>();
}
