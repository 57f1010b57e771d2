using System.CommandLine;
using Provenance.Archive.Images;

namespace Provenance.Cli.Options;

/// <summary><c>--platform [linux/]ARCH[/VARIANT]</c>.</summary>
internal sealed class PlatformOption
{
    public Option<string> Option { get; } = SharedOptions.Single(
        "--platform", null, "ARCH[/VARIANT]", "take this one of a multi-platform image, such as amd64/v3; else the best for this machine");

    public Platform? Read(CommandCall call) => call.Value(Option) is { } text ? Parse(text, $"option '--platform': '{text}'") : null;

    /// <param name="text">Of the form above.</param>
    /// <param name="what">For the message.</param>
    internal static Platform Parse(string text, string what) => text.Split('/') switch
    {
        ["linux", { Length: > 0 } architecture] => New(architecture, null),
        ["linux", { Length: > 0 } architecture, { Length: > 0 } variant] => New(architecture, variant),
        [{ Length: > 0 } architecture, { Length: > 0 } variant] => New(architecture, variant),
        [{ Length: > 0 } architecture] when architecture != "linux" => New(architecture, null),
        _ => throw new UsageException($"{what} is not [linux/]ARCH[/VARIANT]"),
    };

    private static Platform New(string architecture, string? variant) =>
        new() { Os = "linux", Architecture = architecture, Variant = variant };
}
