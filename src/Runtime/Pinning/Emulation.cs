using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>Decides how a job's instructions are emulated: the last resort, 10 to 130 times slower than the processor itself.</summary>
internal static class Emulation
{
    /// <summary>As <see cref="CpuPin.Mode"/> has it.</summary>
    public const string Mode = "qemu";

    /// <summary>What no qemu emulates.</summary>
    private static readonly string[] Beyond = ["avx512", "amx_", "fma4", "xop"];

    /// <param name="request">With a model, or for the recorded processor.</param>
    /// <param name="recorded">Null for a run that is not a replay.</param>
    /// <param name="variables">Those for threads.</param>
    /// <exception cref="SandboxException">It cannot be.</exception>
    public static PinPlan Plan(PinRequest request, CpuProfile? recorded, IReadOnlyList<EnvironmentEntry> variables)
    {
        string? model = request.Model ?? (recorded is null ? Emulator.AnyModel : Emulator.ModelOf(recorded));
        var emulator = Emulator.Find(model
            ?? throw new SandboxException($"emulator: has no CPU for the recorded {recorded!.Brand}: name one, or {Emulator.AnyModel}"));
        EnvironmentEntry[] all = [emulator.Variable, .. variables];
        return new PinPlan(
            new CpuPin
            {
                Target = emulator.Model,
                Mode = Mode,
                Cpu = $"{emulator.Model} of qemu {emulator.Version}",
                Hidden = [],
                Variables = [.. all.Select(variable => variable.ToString())],
                NotPinned = ["/proc/cpuinfo, which shows this machine's processor", "programs that clear their environment, which get qemu's default CPU"],
            },
            all,
            null)
        {
            Emulator = emulator,
        };
    }

    /// <summary>Features that code of the run cannot do without, and no emulator has.</summary>
    public static IReadOnlyList<string> FindBeyond(RunRecord run) =>
    [
        .. (run.Requirements?.Must ?? []).Where(use => use.Strong).SelectMany(use => use.Features)
            .Where(feature => Beyond.Any(name => feature.StartsWith(name, StringComparison.Ordinal))).Distinct().Order(StringComparer.Ordinal),
    ];
}
