using System.Runtime.InteropServices;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>What a trial under qemu can answer, and what it did. Rules in schema/FORMAT.d/compatibility.md.</summary>
internal static class ReplayProbing
{
    /// <summary>Of code that was looked at.</summary>
    private static readonly string[] AboutUses = ["CPU-4", "CPU-8", "CPU-15"];

    /// <summary>Of code that nobody has looked at, which may need whatever the recorded processor had.</summary>
    private static readonly string[] AboutAll = ["CPU-7", "CPU-12"];

    private const string Amd64 = "amd64";

    /// <summary>Where it is missing, its instructions do something else, without any error.</summary>
    private const string Lzcnt = "abm";

    /// <summary>Behind a check for what the processor has, which under qemu it may seem not to have.</summary>
    private const string NarrowCheck = "CPU-15";

    /// <summary>By which of these a processor has, programs choose whole sets of kernels.</summary>
    private static readonly string[] Tiers = ["avx512", "avx_", "avx10", "amx_"];

    /// <summary>Whether there is a warning that a trial can answer. What refuses, it does not help.</summary>
    public static bool IsInDoubt(Assessment assessment) => assessment.Verdict == Verdict.Warn && assessment.Findings.Any(IsDoubt);

    /// <summary>Why the job cannot be tried; null when it can.</summary>
    public static string? FindObstacle(ReplayDraft draft)
    {
        var record = draft.Run.Record;
        bool isX64 = draft.Host.Cpu.Architecture == Amd64 && record.Image.Platform.Architecture == Amd64;
        return !isX64 || RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "programs for x86-64 alone are tried, on a machine of that architecture"
            : draft.Pin is not null ? "the job is shown another CPU than the one it runs on"
            : record.Injection is not null ? "the job was given files of its host for devices, which qemu does not drive"
            : draft.Assessment.Findings.FirstOrDefault(finding => finding.Verdict == Verdict.Refuse)?.Message;
    }

    /// <param name="probe">So far.</param>
    /// <param name="result">How the job ended.</param>
    /// <param name="isCut">Because its time was up.</param>
    /// <param name="draft">As what it ran.</param>
    public static CpuProbe Judge(CpuProbe probe, ContainerResult result, bool isCut, ReplayDraft draft)
    {
        var seen = result.Illegal;
        probe = probe with
        {
            WallMilliseconds = (long)result.Elapsed.TotalMilliseconds,
            ExitCode = isCut ? null : result.Status.ExitCode,
            Signal = isCut ? null : result.Status.Signal,
            Illegal = seen is null ? null : seen with { Missing = [.. seen.Needed.Except(draft.Host.Cpu.Features)] },
        };
        var then = draft.Run.Record.Outcome;
        bool isAsThen = result.Status.ExitCode == then.ExitCode && result.Status.Signal == then.Signal;
        string at = $"'{seen?.Instruction ?? seen?.Bytes}'";
        return probe.Illegal switch
        {
            { Missing.Count: > 0 } => probe with { Result = CpuProbeResult.IllegalInstruction },
            { Needed: { Count: > 0 } needed } => Unclear(probe, $"qemu stopped it at {at}, for it does not emulate {Join(needed)}, which this CPU has"),
            not null when !isAsThen || isCut => Unclear(probe, $"it stopped at {at}, which is no question of the CPU"),
            _ when isCut => probe with { Result = CpuProbeResult.StillRunning },
            _ when isAsThen => probe with { Result = CpuProbeResult.Ended },
            _ => Unclear(probe, $"it ended with {result.Status}, and the run with {Describe(then)}"),
        };
    }

    /// <summary>The assessment with the probe in it, and with what that changes.</summary>
    public static Assessment Answer(Assessment assessment, CpuProbe probe, ReplayDraft draft)
    {
        switch (probe.Result)
        {
            case CpuProbeResult.IllegalInstruction:
                return Assessor.With(assessment, Refusal(probe, draft)) with { SameResults = Archive.Records.Answer.No, Probe = probe };
            case CpuProbeResult.Ended or CpuProbeResult.StillRunning:
                string[] open = [.. assessment.Findings.Where(IsDoubt).Select(finding => WhatStaysOpen(finding, probe, draft)).OfType<string>().Distinct()];
                string why = probe.Result == CpuProbeResult.Ended
                    ? "under qemu as this CPU the job ran to its end"
                    : $"under qemu as this CPU the job ran {probe.LimitSeconds} s without an illegal instruction";
                return Assessor.Tried(assessment, finding => IsDoubt(finding) && WhatStaysOpen(finding, probe, draft) is null, why) with
                {
                    Probe = open.Length == 0 ? probe : probe with { Reason = string.Join("; ", open) },
                };
            default:
                return assessment with { Probe = probe };
        }
    }

    /// <summary>Why the trial does not answer a warning although nothing went wrong in it; null when it does.</summary>
    private static string? WhatStaysOpen(Finding finding, CpuProbe probe, ReplayDraft draft)
    {
        string[] features = AboutUses.Contains(finding.Rule) ? [.. finding.Evidence.Where(CodeFeatures.IsForCodeOfX86)]
            : [.. draft.Run.Record.Hosts.SelectMany(host => CodeFeatures.Of(host.Cpu)).Except(draft.Host.Cpu.Features)];
        if (features.Contains(Lzcnt))
        {
            return $"it does not show whether numbers are wrong, as they are without {Lzcnt} where lzcnt is used";
        }

        string[] hidden = [.. probe.NotEmulated.Where(IsTier)];
        return hidden.Length > 0 && (finding.Rule == NarrowCheck || features.Any(IsTier))
            ? $"without {Join(hidden)}, which this CPU has and qemu does not emulate, the job may have chosen other code than it will here"
            : null;
    }

    private static bool IsTier(string feature) => Tiers.Any(family => feature.StartsWith(family, StringComparison.Ordinal));

    private static bool IsDoubt(Finding finding) =>
        finding.Verdict == Verdict.Warn && (AboutUses.Contains(finding.Rule) || AboutAll.Contains(finding.Rule));

    private static Finding Refusal(CpuProbe probe, ReplayDraft draft)
    {
        var illegal = probe.Illegal!;
        string place = illegal.File is not { } file ? $"at {illegal.Address}, in code that was generated as the program ran"
            : illegal.Function is { } function ? $"in {function} of '{file}'" : $"in '{file}' at offset {illegal.FileOffset}";
        string missing = Join(illegal.Missing);
        return new Finding
        {
            Rule = "EMU-3",
            Verdict = Verdict.Refuse,
            Message = $"tried under qemu as this CPU, {Question.Describe(draft.Host.Cpu)}, '{illegal.Program}' stopped at '{illegal.Instruction}' {place}, "
                + $"which needs {Join(illegal.Needed)}; this CPU lacks {missing}",
            Evidence = [.. illegal.Missing, $"{illegal.File ?? illegal.Program}:{illegal.FileOffset ?? illegal.Address} {illegal.Instruction}"],
            Remedy = $"replay it on a host that has {missing}, or with --emulate",
            CanForce = true,
        };
    }

    private static CpuProbe Unclear(CpuProbe probe, string reason) => probe with { Result = CpuProbeResult.Unclear, Reason = reason };

    private static string Describe(Outcome outcome) => outcome.ExitCode is { } code ? $"exit {code}" : $"signal {outcome.Signal}";

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);
}
