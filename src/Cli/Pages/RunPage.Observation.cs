using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

internal sealed partial class RunPage
{
    /// <summary>What a person calls an input comes first; of the rest the number is enough.</summary>
    private static readonly FileClass[] Listed = [FileClass.Input, FileClass.Configuration, FileClass.Cache, FileClass.Injected];

    /// <summary>Every file, look-up and program, one a line: long, and made for a pager or grep.</summary>
    public void PrintFiles()
    {
        ForEach(run.Used.Blob, RecordLines.ReadUsed, file =>
            workbench.Terminal.Line(
                $"{Word(file.Use) ?? "used"} {Word(file.Class) ?? file.Kind.ToString().ToLowerInvariant()} "
                + (file.Kind == FileKind.File ? InputLine(file) : file.Path)));
        ForEach(run.Generated.Blob, RecordLines.ReadGenerated, file =>
            workbench.Terminal.Line($"{Word(file.Class) ?? "generated"} {OutputLine(file)}"));
        ForEach(run.Sought?.Blob, RecordLines.ReadSought, path => workbench.Terminal.Line($"sought {path.Path} ({path.Count}×)"));
        ForEach(run.Executed?.Blob, RecordLines.ReadExecuted, program => workbench.Terminal.Line($"executed {ProgramLine(program)}"));
    }

    private void PrintObservedInputs(Descriptor list)
    {
        var seen = new SeenFiles(Listed, FilesShown);
        ForEach(list, RecordLines.ReadUsed, seen.Add);
        _page.Heading($"inputs: {Readable.Count(seen.Inputs, "file", "files")} read, {Readable.Bytes(seen.InputBytes)}");
        _page.Items(seen.First, (int)Math.Min(seen.Inputs, int.MaxValue), FilesShown, file =>
            $"{InputLine(file)}{(file.Class == FileClass.Input ? "" : $" ({Word(file.Class)})")}{(file.Use == FileUse.Read ? "" : $", {Word(file.Use)}")}");
        foreach (var (where, count, bytes) in seen.Others)
        {
            _page.Field(Word(where)!, $"{Readable.Count(count, "file", "files")} read, {Readable.Bytes(bytes)}");
        }

        _page.Field("not opened", seen.Present == 0 ? null : $"{Readable.Count(seen.Present, "file", "files")} of the mounted folders");
        _page.Field("sought", run.Sought is { Count: > 0 } sought ? $"{Readable.Count(sought.Count, "path", "paths")}, not found" : null);
    }

    private void PrintPrograms()
    {
        if (run.Executed is not { Blob: { } list } executed)
        {
            return;
        }

        _page.Heading($"programs: {executed.Count} started");
        using var lines = workbench.Blobs.Open(list);
        _page.Items(RecordLines.ReadExecuted(lines), executed.Count, FilesShown, ProgramLine);
    }

    private void PrintSources()
    {
        foreach (var library in run.Libraries ?? [])
        {
            _page.Field(library.Role, $"{library.Path}{(library.Hwcaps is null ? "" : $", the variant for {library.Hwcaps}")}"
                + (library.Named is null ? "" : $", asked for as {library.Named}"));
        }

        foreach (var source in run.Sources ?? [])
        {
            string state = source.Dirty switch
            {
                true => $"changed since: {string.Join(", ", source.Changed ?? [])}",
                false => "clean",
                _ => "whether it is clean is not known",
            };
            _page.Field("git", $"{source.Path} at {source.Commit?[..12] ?? "no commit"}{(source.Branch is null ? "" : $" ({source.Branch})")}, {state}"
                + (source.Remote is null ? "" : $", from {source.Remote}"));
        }
    }

    private void PrintHazard(Hazard hazard)
    {
        const int EvidenceShown = 5;
        _page.Item($"{hazard.Id}: {hazard.Message}");
        var evidence = hazard.Evidence ?? [];
        foreach (string one in evidence.Take(EvidenceShown))
        {
            _page.Item($"    {one}");
        }

        if (evidence.Count > EvidenceShown)
        {
            _page.Item($"    … and {evidence.Count - EvidenceShown} more lines, see --json");
        }

        if (hazard.Remedy is { } remedy)
        {
            _page.Item($"    remedy: {remedy}");
        }
    }

    private void ForEach<T>(Descriptor? list, Func<Stream, IEnumerable<T>> read, Action<T> show)
    {
        if (list is null)
        {
            return;
        }

        using var lines = workbench.Blobs.Open(list);
        foreach (var line in read(lines))
        {
            show(line);
        }
    }

    private static string ProgramLine(ExecutedProgram program) =>
        $"{program.Process} from {program.Parent}: {program.Path} in {program.WorkingDirectory}: {Readable.Command(program.Argv)}";

    private static string? Word<T>(T? value)
        where T : struct, Enum => value?.ToString().ToLowerInvariant();
}
