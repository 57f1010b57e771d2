using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov find</c>: who made these bytes, who used them, which run was it.</summary>
internal sealed class FindCommand : CliCommand
{
    /// <summary>Files of a folder, each of which has to be read.</summary>
    private const int MaxFilesOfFolder = 10_000;

    private const int NotesShown = 20;

    private const int MostPeople = 20;

    /// <summary>Of papers whose title is looked for, the newest: each of their runs is asked whether it is as the options say.</summary>
    private const int MostFiguresOfPapers = 500;

    private readonly Argument<string[]> _what = new("WHAT")
    {
        Description = "files or folders, looked up by their bytes; digests (sha256:…, sha512:…, sha1:…, md5:…); absolute paths in the "
            + "container; or words: of a command line, a signer's name, a paper's title",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly RunFilters _filters = new();
    private readonly Option<bool> _json = SharedOptions.Json();

    public FindCommand()
        : base("find", "find the runs that made or used something")
    {
        Arguments.Add(_what);
        _filters.AddTo(this);
        Options.Add(_json);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov find figure3.png", "which run made these bytes, and which used them"),
        new("prov find *.png --since 7d", "the same of many files, among this week's runs"),
        new("prov find --injected libcuda.so.1 --since 2026-01-01", "this year's runs that were given the host's CUDA driver"),
        new("prov find --package libopenblas0=0.3.21", "images that have this version of OpenBLAS, and the runs on them"),
        new("prov find 'samtools sort'", "runs whose command line has these words, and those of people or papers that are called so"),
    ];

    public override int Execute(CommandCall call)
    {
        string[] whats = call.Value(_what) ?? [];
        if (whats.Length == 0 && !_filters.Given(call))
        {
            throw new UsageException("nothing to find: give a file, a digest, a text or an option such as --image");
        }

        return whats switch
        {
            [] => PrintRuns(call, null),
            [var text] when !IsContentOrPath(text, call.Workbench) => PrintRuns(call, text),
            _ => FindFiles(call, whats),
        };
    }

    private static bool IsContentOrPath(string what, Workbench workbench) =>
        Path.Exists(what) || Path.IsPathRooted(what) || ContentHex.Parse(what) is not null || workbench.Finder.FindContent(what) is not null;

    private int PrintRuns(CommandCall call, string? text)
    {
        var query = _filters.Read(call, text);
        if (text is { Length: < 3 })
        {
            throw new UsageException($"'{text}' is too short to look for: three letters at least");
        }

        var images = query.Package is { } package && text is null && !call.Value(_json)
            ? call.Workbench.Finder.ImagesWithPackage(package, query.PackageVersion, query.Limit)
            : [];
        if (images.Count > 0)
        {
            Tabulate(images, call.Workbench).Print(call.Terminal);
            call.Terminal.Line();
        }

        var runs = text is null ? call.Workbench.Finder.Runs(query) : Worded(call, query, text);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(runs.Select(RunSummary.Of).ToArray(), CliJson.Default.RunSummaryArray));
        }
        else if (runs.Count > 0)
        {
            RunTable.Print(runs, call.Terminal);
        }
        else
        {
            call.Terminal.Note("no run is like that");
        }

        return runs.Count > 0 || images.Count > 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    /// <summary>Runs with these words, of people who are called so, and of papers that are.</summary>
    private static List<RunRow> Worded(CommandCall call, RunQuery query, string text)
    {
        var finder = call.Workbench.Finder;
        var runs = finder.Runs(query)
            .Concat(finder.SignersNamed(text, MostPeople).SelectMany(signer => finder.Runs(query with { Text = null, Signer = signer })));
        var cited = finder.CitationsTitled(text, MostFiguresOfPapers).Select(citation => citation.Run).Distinct()
            .SelectMany(run => finder.Runs(query with { Text = null, Record = run }));
        return [.. runs.Concat(cited).DistinctBy(run => run.Record).OrderByDescending(run => run.StartedAt).Take(query.Limit)];
    }

    private int FindFiles(CommandCall call, string[] whats)
    {
        if (whats.FirstOrDefault(what => !IsContentOrPath(what, call.Workbench)) is { } words)
        {
            throw new UsageException($"'{words}' is no file, digest or path: words are looked up alone");
        }

        var query = _filters.Read(call);
        var finder = call.Workbench.Finder;
        var found = new List<FileSummary>();
        var missing = new List<string>();
        foreach (string what in whats.SelectMany(FilesOf))
        {
            string? hex = ContentName.HexOf(what, finder);
            var matches = hex is null ? finder.FilesByPath(what, query) : finder.FilesByDigest(hex, query);
            found.AddRange(matches.Select(match => FileSummary.Of(match, what)));
            if (matches.Count == 0)
            {
                missing.Add(hex is null ? $"no run had a file '{what}'" : $"no run made or used '{what}' (digest {hex})");
            }
        }

        PrintFiles(call, found, missing);
        return found.Count > 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    /// <summary>A folder that is here stands for the files in it; links are not followed.</summary>
    private static IReadOnlyList<string> FilesOf(string what)
    {
        if (!Directory.Exists(what))
        {
            return [what];
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var files = Directory.EnumerateFiles(what, "*", options).Take(MaxFilesOfFolder + 1).Order(StringComparer.Ordinal).ToList();
        return files.Count <= MaxFilesOfFolder
            ? files
            : throw new UsageException($"folder '{what}': has more than {MaxFilesOfFolder} files");
    }

    private void PrintFiles(CommandCall call, List<FileSummary> found, List<string> missing)
    {
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(found.ToArray(), CliJson.Default.FileSummaryArray));
            return;
        }

        if (found.Count > 0)
        {
            Tabulate(found).Print(call.Terminal);
        }

        foreach (string sentence in missing.Take(NotesShown))
        {
            call.Terminal.Note(sentence);
        }

        if (missing.Count > NotesShown)
        {
            call.Terminal.Note($"… and {missing.Count - NotesShown} more that no run made or used");
        }
    }

    private static TextTable Tabulate(IReadOnlyList<PackageMatch> images, Workbench workbench)
    {
        var names = workbench.Images.List().Where(image => image.Name is not null).ToLookup(image => image.Manifest.Digest, image => image.Name!);
        var table = new TextTable("IMAGE", "MANIFEST", "MANAGER", "PACKAGE", "VERSION", "FOR", "BUILD");
        foreach (var (image, package) in images)
        {
            table.Add(
                names[image.Manifest].FirstOrDefault() ?? "-",
                image.Manifest.Abbreviated,
                package.Manager,
                package.Name,
                package.Version,
                package.Architecture ?? "-",
                package.Build ?? "-");
        }

        return table;
    }

    /// <summary>What was asked for stands in front when it is more than one thing.</summary>
    private static TextTable Tabulate(List<FileSummary> found)
    {
        bool isMany = found.Exists(file => file.What != found[0].What);
        string[] headings = ["RUN", "STARTED", "ROLE", "PATH", "SIZE", "KEPT", "COMMAND"];
        var table = new TextTable(isMany ? ["FILE", .. headings] : headings);
        foreach (var file in found)
        {
            string[] cells =
            [
                file.Run[..12],
                Readable.Time(file.StartedAt),
                file.ToWord(),
                file.Path,
                Readable.Bytes(file.Size),
                file.Kept ? "yes" : "no",
                RunTable.Shorten(file.Command),
            ];
            table.Add(isMany ? [file.What, .. cells] : cells);
        }

        return table;
    }
}
