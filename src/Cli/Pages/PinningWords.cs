using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>How a job was made to take its processor for another, as one sentence.</summary>
internal static class PinningWords
{
    public static string Of(CpuPin pinning)
    {
        string how = pinning.CpuidInstructions is { } instructions
            ? $"CPUID was answered {pinning.CpuidAnswers ?? 0} times, at {instructions} places"
            : pinning.Mode switch { "env" => "by variables", "qemu" => "emulated", _ => "by answering CPUID" };
        string variables = pinning.Variables.Count > 0 ? $"; set: {string.Join(' ', pinning.Variables)}" : "";
        return $"{pinning.Cpu}, {how}{variables}";
    }
}
