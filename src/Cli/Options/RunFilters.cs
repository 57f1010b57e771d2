using System.CommandLine;
using System.Text.RegularExpressions;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Cli.Options;

/// <summary>Which runs are meant: the options that <c>log</c> and <c>find</c> share. Each is one indexed look-up.</summary>
internal sealed partial class RunFilters
{
    private readonly Option<string> _image = SharedOptions.Single("--image", null, "IMAGE", "runs of this image: a name, or a digest");
    private readonly Option<string> _package = SharedOptions.Single(
        "--package", null, "NAME[=VERSION]", "runs on an image that has this package, such as libopenblas0=0.3.21; the version as far as you know it");

    private readonly Option<string> _feature = SharedOptions.Single(
        "--cpu-feature", null, "NAME", "runs on a machine whose processor had this feature, such as avx512f");

    private readonly Option<string> _injected = SharedOptions.Single(
        "--injected", null, "NAME", "runs into which this file of the host was put, such as libcuda.so.1");

    private readonly Option<string> _peer = SharedOptions.Single(
        "--peer", null, "HOST", "runs that contacted this address, or asked for this host name");

    private readonly Option<string> _program = SharedOptions.Single(
        "--program", null, "NAME", "runs that started this program: its path in the container, links followed, or its whole file name");

    private readonly Option<string> _commit = SharedOptions.Single(
        "--commit", null, "HASH", "runs that used files of a git work tree at this commit: its first 7 digits or more");

    private readonly Option<string> _label = SharedOptions.Single("--label", null, "NAME[=VALUE]", "runs with this label");
    private readonly Option<string> _host = SharedOptions.Single("--host", null, "NAME", "runs on this machine");
    private readonly SinceOption _since = new("--since", "runs started then or later: 2026-11-24, or 3h, 7d, 2w ago");
    private readonly SinceOption _until = new("--until", "runs started before");
    private readonly Option<int> _limit = new("-n", "--limit") { HelpName = "N", Description = "show at most this many [50]", DefaultValueFactory = _ => 50 };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_limit, _image, _since.Option, _until.Option, _label, _host, _package, _feature,
            _injected, _peer, _program, _commit])
        {
            command.Options.Add(option);
        }
    }

    public RunQuery Read(CommandCall call, string? text = null)
    {
        int limit = call.Value(_limit);
        if (limit < 1)
        {
            throw new UsageException($"option '-n': '{limit}' is not a number of runs");
        }

        string[] label = call.Value(_label)?.Split('=', 2) ?? [];
        string[] package = call.Value(_package)?.Split('=', 2) ?? [];
        if (package is [""] or ["", _] or [_, ""])
        {
            throw new UsageException($"option '--package': '{call.Value(_package)}' is no NAME or NAME=VERSION");
        }

        var image = ImageDigest(call);
        return new RunQuery
        {
            Limit = limit,
            Since = _since.Read(call),
            Until = _until.Read(call),
            Image = image,
            ImageReference = image is null ? call.Value(_image) : null,
            Package = package.ElementAtOrDefault(0),
            PackageVersion = package.ElementAtOrDefault(1),
            CpuFeature = call.Value(_feature)?.ToLowerInvariant(),
            Injected = call.Value(_injected),
            Peer = call.Value(_peer),
            Program = call.Value(_program),
            Commit = Commit(call),
            LabelName = label.ElementAtOrDefault(0),
            LabelValue = label.ElementAtOrDefault(1),
            Host = call.Value(_host),
            Text = text,
        };
    }

    /// <summary>Whether any of them was given.</summary>
    public bool Given(CommandCall call) =>
        ((Option[])[_image, _since.Option, _until.Option, _label, _host, _package, _feature,
            _injected, _peer, _program, _commit]).Any(o => call.Parsed.GetResult(o) is not null);

    private string? Commit(CommandCall call)
    {
        string? commit = call.Value(_commit)?.ToLowerInvariant();
        return commit is null || CommitPattern().IsMatch(commit)
            ? commit
            : throw new UsageException($"option '--commit': '{commit}' is not 7 to 64 hex digits");
    }

    [GeneratedRegex(@"\A[0-9a-f]{7,64}\z")]
    private static partial Regex CommitPattern();

    /// <summary>A name of today may have meant another image then: names are looked up as the run's record has them.</summary>
    private Digest? ImageDigest(CommandCall call) =>
        Digest.TryParse(call.Value(_image), out var digest) || Digest.TryParseHex(call.Value(_image), out digest) ? digest : null;
}
