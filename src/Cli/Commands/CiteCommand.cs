using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov cite</c>: a paper rests on a run, and these of its figures are outputs of it.</summary>
internal sealed class CiteCommand : CliCommand
{
    private const int OutputsNamed = 5;

    private const int DigestDigits = 12;

    private readonly Argument<string> _run = new("ID") { Description = "the run: the first digits of its id" };

    private readonly Option<string> _doi = SharedOptions.Single(
        "--doi", null, "DOI", "the paper: 10.1234/abc, or its address at doi.org");

    private readonly Option<string> _title = SharedOptions.Single("--title", null, "TEXT", "the paper's title");

    private readonly Option<string[]> _figures = new("--figure")
    {
        HelpName = "LABEL",
        Description = "a figure, table or number as the paper calls it; its file is named by the next --file; repeatable",
    };

    private readonly Option<string[]> _files = new("--file")
    {
        HelpName = "FILE",
        Description = "the file of that figure: it must be an output of the run, byte for byte; repeatable",
    };

    private readonly Option<bool> _quiet = SharedOptions.Quiet("print only the citation's id");

    public CiteCommand()
        : base("cite", "say in a signed record that a paper rests on a run, and which figure is which output")
    {
        Arguments.Add(_run);
        foreach (Option option in (Option[])[_doi, _title, _figures, _files, _quiet])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        The citation is a record of its own, in the log like the others, and travels in every bundle of the run. On the web ('prov serve')
        the run is then found by the paper's DOI and by the figure's file. Several runs may be cited by one paper, one citation each.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov cite 7f3a9c --doi 10.1234/abc --figure 'Fig. 3' --file fig3.png", "figure 3 of that paper is this run's output"),
        new("prov cite 7f3a9c --doi https://doi.org/10.1234/abc", "the paper as a whole rests on it"),
    ];

    public override int Execute(CommandCall call)
    {
        var doi = ReadDoi(call);
        string? title = call.Value(_title);
        Require(
            title is null || CitationStatement.IsLine(title, CitationRecord.MaxTitle),
            $"option '{_title.Name}': expected one line of 1 to {CitationRecord.MaxTitle} characters");
        var workbench = call.Workbench;
        var row = workbench.Finder.Get(call.Value(_run)!);
        Require(
            row.Kind == RecordKind.Run,
            $"'{row.Record.Abbreviated}' is {(row.Kind == RecordKind.Image ? "an" : "a")} {StatementTypes.NameOf(row.Kind)}, expected a run");
        byte[] statement = workbench.Finder.Read(row).Statement.ToArray();
        var citer = new Citer(workbench.Blobs, Files.SyncFolder, workbench.Time, Workbench.Recorder);
        var figures = ReadFigures(call, citer, RecordJson.ParseRun(statement).Predicate, row.Record);
        workbench.EnsureKey();
        using var key = workbench.Keys.Find() ?? throw new TrustException(workbench.Layout.Keys, "has no key that signs");
        using var lease = WriterLease.TryTake(workbench.Layout);
        var (citation, warnings) = citer.Cite(statement, key, doi, title, figures);
        foreach (string warning in warnings)
        {
            call.Terminal.Warning(warning);
        }

        workbench.Sequence();
        if (!call.Value(_quiet))
        {
            call.Terminal.Note($"{key.Signer.Name} says that doi:{doi} rests on run {row.Record.Abbreviated}"
                + (figures.Count > 0 ? $": {string.Join(", ", figures.Select(figure => $"{figure.Label} is {figure.Path}"))}" : ""));
        }

        call.Terminal.Line(citation.Hex);
        return ExitCodes.Success;
    }

    private Doi ReadDoi(CommandCall call)
    {
        string text = call.Value(_doi) ?? throw new UsageException($"option '{_doi.Name}' is missing: which paper?");
        return Doi.TryParse(text, out var doi) ? doi : throw new UsageException($"option '{_doi.Name}': '{text}' is no DOI, expected 10.PREFIX/SUFFIX");
    }

    private IReadOnlyList<CitedFigure> ReadFigures(CommandCall call, Citer citer, RunRecord run, Digest record)
    {
        var labels = call.Values(_figures);
        var files = call.Values(_files);
        Require(labels.Count == files.Count, $"{Readable.Count(labels.Count, "figure", "figures")} and {Readable.Count(files.Count, "file", "files")}: "
            + $"each '{_figures.Name}' takes one '{_files.Name}'");
        return [.. labels.Zip(files).Select(pair => ReadFigure(citer, run, record, pair.First, pair.Second))];
    }

    private CitedFigure ReadFigure(Citer citer, RunRecord run, Digest record, string label, string file)
    {
        Require(
            CitationStatement.IsLine(label, CitationRecord.MaxLabel),
            $"option '{_figures.Name}': expected one line of 1 to {CitationRecord.MaxLabel} characters");
        var content = ContentName.DigestOf(file);
        var (path, digest) = citer.FindOutput(run, content)
            ?? throw new UsageException(
                $"file '{file}' (sha256 {content.Abbreviated}…) is no output of run {record.Abbreviated}, {WhatItMade(citer, run, file)}");
        return new CitedFigure { Label = label, Path = path, Digest = digest };
    }

    private static string WhatItMade(Citer citer, RunRecord run, string file)
    {
        var (some, count) = citer.OutputsLike(run, Path.GetFileName(file), OutputsNamed);
        string rest = count > some.Count ? $" and {Readable.Count(count - some.Count, "other", "others")}" : "";
        return count == 0 ? "which made none"
            : $"which made {string.Join(", ", some.Select(output => $"'{output.Path}' (sha256 {output.Sha256[..DigestDigits]}…)"))}{rest}";
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new UsageException(message);
        }
    }
}
