using System.CommandLine;
using Provenance.Archive.Records;
using Provenance.Runtime.Capturing;
using Provenance.Runtime.Recording;

namespace Provenance.Cli.Options;

/// <summary>What a recording looks at and keeps.</summary>
internal sealed class RecordOptions
{
    private readonly Option<bool> _record = new("--record") { Description = "keep a signed record of the run" };
    private readonly Choice<KeepMode> _keep = new(
        "--keep",
        "which contents the record keeps",
        ("outputs", KeepMode.Outputs), ("all", KeepMode.All), ("none", KeepMode.None));

    private readonly SizeOption _keepLimit = new("--keep-limit", "keep so much of one run's files at most [2 GiB]");

    private readonly Choice<ObserveMode> _observe = new(
        "--observe",
        "how the record learns of files: by the job's calls, by comparing the mounted folders, or not",
        ("files", ObserveMode.Calls), ("mounts", ObserveMode.Mounts), ("none", ObserveMode.None));

    private readonly Choice<PackMode> _pack = new(
        "--pack",
        "without IMAGE, what the image made of this machine's files holds: the files used, or all of the packages they are of",
        ("used", PackMode.Used), ("all", PackMode.All));

    private readonly Option<string[]> _inputs = SharedOptions.Repeatable(
        "--input", null, "FILE", "hash this file before the job starts, however large; may be given again");

    private readonly Option<string[]> _outputs = SharedOptions.Repeatable(
        "--output", null, "FILE", "expect the job to make this file; may be given again");

    private readonly Option<string[]> _labels = SharedOptions.Repeatable(
        "--label", null, "NAME=VALUE", "mark the record, to find it again; may be given again");

    private readonly Option<bool> _twice = new("--twice")
    {
        Description = "run the job once more in a scratch folder, and keep how much its results vary by themselves",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_record, _keep.Option, _keepLimit.Option, _observe.Option, _pack.Option, _inputs, _outputs, _labels, _twice])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the job is to be run once more.</summary>
    public bool ReadTwice(CommandCall call) => call.Value(_twice);

    /// <param name="call">The command line.</param>
    /// <param name="isOnHost">No image is given: this machine's own files are it.</param>
    /// <returns>Null when the run is not to be recorded.</returns>
    public RecordingOptions? Read(CommandCall call, bool isOnHost)
    {
        if (!isOnHost && call.Parsed.GetResult(_pack.Option) is not null)
        {
            throw new UsageException($"option '{_pack.Option.Name}' is for a run without IMAGE");
        }

        if (isOnHost && _observe.Read(call) != ObserveMode.Calls)
        {
            throw new UsageException($"option '{_observe.Option.Name}': without IMAGE only the job's calls tell what to pack, expected files");
        }

        var options = new RecordingOptions
        {
            Keep = _keep.Read(call),
            Observe = _observe.Read(call),
            Pack = _pack.Read(call),
            Inputs = [.. call.Values(_inputs).Select(Path.GetFullPath)],
            Outputs = [.. call.Values(_outputs).Select(Path.GetFullPath)],
            Labels = [.. call.Values(_labels).Select(ParseLabel)],
            Limits = _keepLimit.Read(call) is { } bytes ? RecordingLimits.Default with { MaxKeptBytes = bytes } : RecordingLimits.Default,
        };
        if (call.Value(_record))
        {
            return options;
        }

        Option[] ofRecords = [_keep.Option, _keepLimit.Option, _observe.Option, _pack.Option, _inputs, _outputs, _labels, _twice];
        Option? given = ofRecords.FirstOrDefault(option => call.Parsed.GetResult(option) is { Implicit: false });
        return given is null ? null : throw new UsageException($"option '{given.Name}' needs '--record'");
    }

    private static Label ParseLabel(string text) => text.Split('=', 2) is [{ Length: > 0 } name, var value]
        ? new Label { Name = name, Value = value }
        : throw new UsageException($"option '--label': '{text}' is not NAME=VALUE");
}
