using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Web.Drawing;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>Everything about one run.</summary>
public sealed record RunPage
{
    private const int MostFiles = 100;
    private const int MostPreviews = 6;

    public required PageHead Head { get; init; }

    public required RunRow Row { get; init; }

    public required RunRecord Record { get; init; }

    public required JudgedRecord Judged { get; init; }

    /// <summary>Set for the page alone.</summary>
    public ByHand? ByHand { get; init; }

    public required ShownFiles Outputs { get; init; }

    public required ShownFiles Inputs { get; init; }

    public required IReadOnlyList<ReplayRow> Replays { get; init; }

    public required IReadOnlyList<EndorsementRow> Endorsements { get; init; }

    public required IReadOnlyList<CitationRow> Citations { get; init; }

    public required LineageDrawing Lineage { get; init; }

    /// <summary>Absolute.</summary>
    public required string Address { get; init; }

    /// <summary>Replays by others or by the author on purpose; the author's second run for the noise floor is none.</summary>
    public IEnumerable<ReplayRow> TrueReplays => Replays.Where(replay => !replay.IsNoiseFloor);

    /// <summary>Of these how many came out the same, as signers who are trusted here say.</summary>
    public required int Reproduced { get; init; }

    /// <summary>Files that the job made, its output streams among them, in order of the record.</summary>
    internal static ShownFiles OutputsOf(RunRecord run, Reader reader)
    {
        var shown = new List<ShownFile>();
        int count = 0;
        if (run.Generated.Blob is { } list)
        {
            using var lines = reader.Blobs.Open(list);
            foreach (var file in RecordLines.ReadGenerated(lines).Where(file => file.Class is null or FileClass.Output && file.Kind == FileKind.File))
            {
                if (count++ < MostFiles)
                {
                    shown.Add(Shown(file.Path, file.Size, file.Digest, file.Change.ToString().ToLowerInvariant(), reader));
                }
            }
        }

        foreach (var (name, stream) in new[] { ("stdout", run.Outcome.Stdout), ("stderr", run.Outcome.Stderr) })
        {
            if (stream is { Size: > 0 })
            {
                count++;
                shown.Add(Shown(name, stream.Size, stream.Digest, stream.Truncated ? "its beginning was kept" : "printed", reader));
            }
        }

        return new ShownFiles("Outputs", WithPreviews(shown, reader), count);
    }

    /// <summary>What a person calls inputs: data and settings, not the image's files and the system's.</summary>
    /// <returns>These, and how many bytes of inputs were kept.</returns>
    internal static (ShownFiles Inputs, long KeptBytes) InputsOf(RunRecord run, Reader reader)
    {
        long kept = 0;
        var shown = new List<ShownFile>();
        int count = 0;
        if (run.Used.Blob is { } list)
        {
            using var lines = reader.Blobs.Open(list);
            foreach (var file in RecordLines.ReadUsed(lines))
            {
                kept += file.Kept ? file.Size : 0;
                if (IsInput(file) && count++ < MostFiles)
                {
                    shown.Add(Shown(file.Path, file.Size, file.Digest, Note(file), reader));
                }
            }
        }

        if (run.Invocation.Stdin is { Digest: { } stdin, Size: { } size } && size > 0)
        {
            count++;
            shown.Add(new ShownFile { Path = "stdin", Size = size, Sha256 = Of(stdin), Note = "read", IsHere = IsHere(Of(stdin), reader) });
        }

        return (new ShownFiles("Inputs", shown, count), kept);
    }

    private static bool IsInput(UsedFile file) => file.Kind == FileKind.File && file.Use != FileUse.Present
        && file.Class is null or FileClass.Input or FileClass.Configuration;

    private static string Note(UsedFile file) =>
        $"{file.Use?.ToString().ToLowerInvariant() ?? "could be read"}{(file.Class == FileClass.Configuration ? ", configuration" : "")}";

    private static ShownFile Shown(string path, long size, DigestSet? digest, string note, Reader reader) => new()
    {
        Path = path,
        Size = size,
        Sha256 = Of(digest),
        Note = note,
        IsHere = IsHere(Of(digest), reader),
    };

    private static Digest? Of(DigestSet? digest) => Digest.TryParseHex(digest?.Sha256, out var sha256) ? sha256 : null;

    private static bool IsHere(Digest? digest, Reader reader) => digest is not null && reader.Blobs.Contains(digest);

    private static List<ShownFile> WithPreviews(List<ShownFile> files, Reader reader)
    {
        var previews = new Previews(reader.Blobs);
        int left = MostPreviews;
        return
        [
            .. files.Select(file => file is { IsHere: true, Sha256: { } digest } && left > 0 && previews.Of(file.Path, digest, file.Size) is { } preview
                ? Take(file with { Preview = preview })
                : file),
        ];

        ShownFile Take(ShownFile file)
        {
            left--;
            return file;
        }
    }
}
