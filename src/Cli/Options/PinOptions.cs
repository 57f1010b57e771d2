using System.CommandLine;
using Provenance.Archive.Records;
using Provenance.Runtime.Pinning;

namespace Provenance.Cli.Options;

/// <summary>Which processor the job is to take this one for: <c>--pin-cpu</c> and <c>--pin-mode</c>.</summary>
internal sealed class PinOptions
{
    private const string Recorded = "recorded", EverythingEmulated = "max";
    private static readonly string[] Levels = ["v1", "v2", "v3", "v4"];

    private readonly bool _isReplay;

    /// <param name="isReplay">Whether there is a recorded processor.</param>
    public PinOptions(bool isReplay)
    {
        _isReplay = isReplay;
        string what = "let the job take this CPU for one of an x86-64 level, or for that of a profile of 'prov host --json'";
        Cpu = new Option<string>("--pin-cpu")
        {
            HelpName = isReplay ? "recorded|v1|v2|v3|v4|FILE" : "v1|v2|v3|v4|FILE",
            Description = isReplay ? "let the job take this CPU for the recorded one, which gives its digits, or for another" : what,
            Arity = isReplay ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        Emulate = new Option<string>("--emulate")
        {
            HelpName = "CPU",
            Description = "have all of the job's instructions done by qemu, 10 to 130 times slower, as a CPU that 'qemu-x86_64 -cpu help' lists "
                + (isReplay ? "[the recorded one]" : $"[{EverythingEmulated}]"),
            Arity = ArgumentArity.ZeroOrOne,
        };
    }

    public Option<string> Cpu { get; }

    public Option<string> Emulate { get; }

    public Choice<PinMode> Mode { get; } = new(
        "--pin-mode", "how: by variables that libraries look at, or by answering CPUID in the processor's place",
        ("auto", PinMode.Auto), ("env", PinMode.Env), ("cpuid", PinMode.Cpuid));

    /// <returns>Null when the job is to see this CPU.</returns>
    public PinRequest? Read(CommandCall call)
    {
        var mode = Mode.Read(call);
        bool isPinned = call.Parsed.GetResult(Cpu) is { Implicit: false };
        if (call.Parsed.GetResult(Emulate) is { Implicit: false })
        {
            return isPinned || call.Value(Mode.Option) is not null
                ? throw new UsageException($"option '{Emulate.Name}' cannot be used with '{Cpu.Name}'")
                : new PinRequest(null, null, PinMode.Emulate) { Model = call.Value(Emulate) };
        }

        if (!isPinned)
        {
            return call.Value(Mode.Option) is null ? null
                : throw new UsageException($"option '{Mode.Option.Name}' needs '{Cpu.Name}'");
        }

        string word = call.Value(Cpu) ?? Recorded;
        if (_isReplay && word == Recorded)
        {
            return new PinRequest(null, null, mode);
        }

        if (Levels.Contains(word))
        {
            return new PinRequest(word, null, mode);
        }

        return File.Exists(word)
            ? new PinRequest(null, ReadProfile(word), mode)
            : throw new UsageException($"option '{Cpu.Name}': '{word}' is neither a level nor a file");
    }

    private static HostProfile ReadProfile(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > HostProfileJson.MaxBytes)
        {
            throw new UsageException($"host profile '{path}' has {file.Length} bytes, at most {HostProfileJson.MaxBytes} are read");
        }

        byte[] json = new byte[file.Length];
        file.ReadExactly(json);
        return HostProfileJson.Parse(json);
    }
}
