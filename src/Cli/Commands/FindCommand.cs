using System.CommandLine;
using System.Text.RegularExpressions;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov find</c>: who made these bytes, who used them, which run was it.</summary>
internal sealed partial class FindCommand : CliCommand
{
    /// <summary>By the number of hex digits.</summary>
    private static readonly Dictionary<int, string> Algorithms = new()
    {
        [32] = "md5",
        [40] = "sha1",
        [64] = "sha256",
        [128] = "sha512",
    };

    private readonly Argument<string?> _what = new("WHAT")
    {
        Description = "a file, looked up by its bytes; a digest (sha256:…, sha512:…, sha1:…, md5:…); an absolute path in the container; "
            + "or words of a command line",
        Arity = ArgumentArity.ZeroOrOne,
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
        new("prov find --injected libcuda.so.1 --since 2026-01-01", "this year's runs that were given the host's CUDA driver"),
        new("prov find 'samtools sort'", "runs whose command line has these words"),
    ];

    public override int Execute(CommandCall call)
    {
        string? what = call.Value(_what);
        if (what is null && !_filters.Given(call))
        {
            throw new UsageException("nothing to find: give a file, a digest, a text or an option such as --image");
        }

        if (what is null || (HexOf(what) is null && !Path.IsPathRooted(what)))
        {
            return PrintRuns(call, _filters.Read(call, what), what);
        }

        // A digest or a path names files; of the filters, none applies to them but the limit.
        if (_filters.Given(call))
        {
            throw new UsageException("a file is looked up by itself: options such as --image go with words, not with it");
        }

        int limit = _filters.Read(call).Limit;
        var finder = call.Workbench.Finder;
        string? hex = HexOf(what);
        return PrintFiles(call, hex is null ? finder.FilesByPath(what, limit) : finder.FilesByDigest(hex, limit), what, hex);
    }

    /// <summary>The digest that is meant: given as such, or that of a file that is here. Null for a path or words.</summary>
    private static string? HexOf(string what)
    {
        if (File.Exists(what))
        {
            using var file = File.OpenRead(what);
            return Digest.Of(file).Hex;
        }

        var match = DigestPattern().Match(what);
        string hex = match.Groups["hex"].Value.ToLowerInvariant();
        string algorithm = match.Groups["algorithm"].Value;
        return Algorithms.TryGetValue(hex.Length, out string? named) && (algorithm.Length == 0 || algorithm == named)
            ? hex
            : null;
    }

    private int PrintRuns(CommandCall call, RunQuery query, string? text)
    {
        if (text is { Length: < 3 })
        {
            throw new UsageException($"'{text}' is too short to look for: three letters at least");
        }

        var runs = call.Workbench.Finder.Runs(query);
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

        return runs.Count > 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    private int PrintFiles(CommandCall call, IReadOnlyList<FileMatch> matches, string what, string? hex)
    {
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(matches.Select(FileSummary.Of).ToArray(), CliJson.Default.FileSummaryArray));
        }
        else if (matches.Count > 0)
        {
            var table = new TextTable("RUN", "STARTED", "ROLE", "PATH", "SIZE", "COMMAND");
            foreach (var match in matches)
            {
                table.Add(
                    match.Run.Abbreviated,
                    Readable.Time(match.StartedAt),
                    FileSummary.WordOf(match),
                    match.Path,
                    Readable.Bytes(match.Size),
                    RunTable.Shorten(match.Command));
            }

            table.Print(call.Terminal);
        }
        else
        {
            call.Terminal.Note(hex is null ? $"no run had a file '{what}'" : $"no run made or used '{what}' (digest {hex})");
        }

        return matches.Count > 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    [GeneratedRegex(@"\A(?:(?<algorithm>[a-z0-9]+):)?(?<hex>[0-9a-fA-F]{32,128})\z")]
    private static partial Regex DigestPattern();
}
