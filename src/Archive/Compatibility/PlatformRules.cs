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
        new("IMG-1", Concern.Runs, BetterVariant),
        new("IMG-2", Concern.Runs, VariantAboveHost),
        new("KERN-2", Concern.Runs, OlderKernel),
        new("PAGE-1", Concern.Runs, OtherPageSize),
    ];

    private static Complaint? OtherArchitecture(Question q)
    {
        string image = q.Run.Image.Platform.Architecture, here = q.Here.Cpu.Architecture;
        return image == here || Is32BitOf(image, here)
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the image '{q.Run.Image.Reference}' is built for {image}; this machine is {here}",
                Evidence = [image, here],
                Remedy = $"replay it on a machine with {image} processors",
            };
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

    private static Complaint? OlderKernel(Question q)
    {
        var newest = q.Run.Hosts.Select(h => h.Kernel.Release).MaxBy(KernelVersion.Parse);
        return newest is not null && KernelVersion.Parse(newest) > KernelVersion.Parse(q.Here.Kernel.Release)
            ? new()
            {
                Verdict = Verdict.Warn,
                Message = $"the run was recorded on Linux {newest}; this is {q.Here.Kernel.Release}, "
                    + "which may lack system calls that the job used",
                Evidence = [newest, q.Here.Kernel.Release],
                Remedy = "if the job stops with ENOSYS, replay it on a host with a kernel as new as the recorded one",
            }
            : null;
    }

    /// <summary>
    /// A program's segments are aligned for the largest page its linker knew: a kernel with smaller pages can load it, one with
    /// larger pages often cannot. On amd64 all pages have 4096 bytes.
    /// </summary>
    private static Complaint? OtherPageSize(Question q)
    {
        int here = q.Here.Memory.PageBytes;
        int then = q.Recorded.Select(h => h.Memory.PageBytes).FirstOrDefault(bytes => bytes != here, here);
        return then == here
            ? null
            : new()
            {
                Verdict = here > then ? Verdict.Refuse : Verdict.Warn,
                Message = $"pages had {then} bytes on the recorded host and have {here} here; "
                    + (here > then ? "programs linked for smaller pages cannot be loaded" : "programs may rely on the larger ones"),
                Evidence = [$"{then}", $"{here}"],
                Remedy = $"replay it on a kernel with pages of {then} bytes",
            };
    }

    private static bool Is32BitOf(string image, string here) => (image, here) is ("386", "amd64") or ("arm", "arm64");
}
