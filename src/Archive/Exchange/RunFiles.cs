using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>What a run read and made, as far as it matters to somebody who asks where a result came from.</summary>
internal sealed record RunFiles
{
    public required IReadOnlyList<RunFile> Used { get; init; }

    public required IReadOnlyList<RunFile> Generated { get; init; }

    /// <summary>The user's data and settings, not the image's files and the system's; outputs, not caches and what was temporary.</summary>
    public static RunFiles Of(RunRecord run, BlobStore blobs)
    {
        var used = new List<RunFile>();
        Read(run.Used, blobs, lines => used.AddRange(RecordLines.ReadUsed(lines)
            .Where(file => file.Use != FileUse.Present && file.Class is null or FileClass.Input or FileClass.Configuration)
            .Select(file => RunFile.Of(file.Path, file.Digest, file.Size))
            .OfType<RunFile>()));
        if (run.Invocation.Stdin is { Digest: { } stdin, Size: { } size } && size > 0)
        {
            used.Add(RunFile.Of("stdin", stdin, size)!);
        }

        var generated = new List<RunFile>();
        Read(run.Generated, blobs, lines => generated.AddRange(RecordLines.ReadGenerated(lines)
            .Where(file => file.Class is null or FileClass.Output)
            .Select(file => RunFile.Of(file.Path, file.Digest, file.Size))
            .OfType<RunFile>()));
        generated.AddRange(Stream("stdout", run.Outcome.Stdout));
        generated.AddRange(Stream("stderr", run.Outcome.Stderr));
        return new RunFiles { Used = used, Generated = generated };
    }

    private static IEnumerable<RunFile> Stream(string name, StreamOutcome? stream) =>
        stream is { Size: > 0 } ? [RunFile.Of(name, stream.Digest, stream.Size)!] : [];

    private static void Read(FileList list, BlobStore blobs, Action<Stream> read)
    {
        if (list.Blob is { } blob)
        {
            using var lines = blobs.Open(blob);
            read(lines);
        }
    }
}
