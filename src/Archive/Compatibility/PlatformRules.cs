using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Will it start: architecture, variant, kernel, pages.</summary>
internal static class PlatformRules
{
    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("ARCH-1", Concern.Runs, OtherArchitecture) { CanForce = false },
        new("ARCH-2", Concern.Runs, Program32Bit),
        new("ARCH-3", Concern.SameResults, ForeignPrograms),
        new("IMG-1", Concern.Runs, BetterVariant),
        new("IMG-2", Concern.Runs, VariantAboveHost),
        new("KERN-2", Concern.Runs, KernelRules.Older),
        new("PAGE-1", Concern.Runs, PageRules.OtherSize),
    ];

    private static Complaint? OtherArchitecture(Question q)
    {
        string image = q.Run.Image.Platform.Architecture, here = q.Here.Cpu.Architecture;
        return image == here || Is32BitOf(image, here) || HandlerOf(q) is not null
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the image '{q.Run.Image.Reference}' is built for {image}; this machine is {here}",
                Evidence = [image, here],
                Remedy = $"replay it on a machine with {image} processors",
            };
    }

    /// <summary>What binfmt_misc hands to an emulator runs: slowly, with the emulator's own digits where instructions are approximate.</summary>
    private static Complaint? ForeignPrograms(Question q)
    {
        string image = q.Run.Image.Platform.Architecture, here = q.Here.Cpu.Architecture;
        return HandlerOf(q) is not { } handler
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the image '{q.Run.Image.Reference}' is built for {image}; this machine is {here} and would run it under emulation "
                    + $"('{handler.Interpreter}', by binfmt_misc): slow, and results may differ",
                Evidence = [image, here, handler.Name, handler.Interpreter],
                Remedy = $"for the same digits replay it on a machine with {image} processors",
            };
    }

    /// <summary>What this host runs the image's programs by, where it needs something for that; null for nothing.</summary>
    private static ProgramHandler? HandlerOf(Question q)
    {
        string image = q.Run.Image.Platform.Architecture, here = q.Here.Cpu.Architecture;
        return image == here || Is32BitOf(image, here)
            ? null
            : (q.Here.Kernel.Handlers ?? []).FirstOrDefault(handler => handler.Architectures.Contains(image));
    }

    private static Complaint? Program32Bit(Question q)
    {
        string image = q.Run.Image.Platform.Architecture, here = q.Here.Cpu.Architecture;
        return Is32BitOf(image, here)
            ? new()
            {
                Verdict = Verdict.Warn,
                Message = $"the image '{q.Run.Image.Reference}' is for 32-bit {image}; "
                    + $"whether this {here} kernel runs 32-bit programs is not known",
                Evidence = [image, here],
                Remedy = "it needs a kernel with CONFIG_IA32_EMULATION (amd64) or CONFIG_COMPAT (arm64)",
            }
            : null;
    }

    /// <summary>A replay takes what the run took: another build may compute other digits.</summary>
    private static Complaint? BetterVariant(Question q)
    {
        var (taken, choice) = (q.Run.Image.Platform, q.Run.Image.Choice);
        if (choice is null || q.Here.Cpu.Architecture != taken.Architecture)
        {
            return null;
        }

        var here = Platform.Of(q.Here.Cpu) with { Os = taken.Os };
        return PlatformChoice.Best([.. choice.Offered], here, asked: null) is { } best && choice.Offered[best] is { } better
            && PlatformChoice.LevelOf(better) > PlatformChoice.LevelOf(taken)
            ? new()
            {
                Verdict = Verdict.Ok,
                Message = $"the image '{q.Run.Image.Reference}' has a variant for {better}, which suits this CPU better; the recorded one, {taken}, is kept",
                Evidence = [better.ToString(), taken.ToString()],
                Remedy = null,
            }
            : null;
    }

    /// <summary>The variant is the image author's word. Here it counts: no machine below it was ever meant.</summary>
    private static Complaint? VariantAboveHost(Question q)
    {
        var platform = q.Run.Image.Platform;
        return platform.Architecture == "amd64" && q.Here.Cpu is { Architecture: "amd64", Level: { } level }
            && platform.Variant is ['v', >= '1' and <= '4'] variant && string.CompareOrdinal(variant, level) > 0
            ? new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the image '{q.Run.Image.Reference}' is declared for {platform}; "
                    + $"this CPU, {Question.Describe(q.Here.Cpu)}, reaches {level}",
                Evidence = [variant, level],
                Remedy = $"replay it on {Levels.Machines(variant)}",
            }
            : null;
    }

    private static bool Is32BitOf(string image, string here) => (image, here) is ("386", "amd64") or ("arm", "arm64");
}
