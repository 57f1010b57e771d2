using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Files of the recorded host that were put into the container: does this host have their like.</summary>
internal static class InjectionRules
{
    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("INJ-2", Concern.Runs, Absent),
        new("INJ-3", Concern.Runs, MissingVersions),
        new("INJ-8", Concern.SameResults, Different),
        new("INJ-12", Concern.Runs, NobodyLooked),
    ];

    private static Complaint? Absent(Question q)
    {
        string[] absent = [.. Pairs(q).Where(p => p.Here is null).Select(p => NameOf(p.Then))];
        return absent.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the job had {Question.Join(absent)} from its host; this host has none",
                Evidence = absent,
                Remedy = "install it here, or replay it on a host that has it",
            };
    }

    /// <summary>Sets are compared, never numbers: glibc 2.31 defines no GLIBC_2.31.</summary>
    private static Complaint? MissingVersions(Question q)
    {
        foreach (var (then, here) in Pairs(q))
        {
            string[] missing = here is null ? [] : [.. then.VersionsProvided.Except(here.VersionsProvided, StringComparer.Ordinal)];
            if (missing.Length > 0)
            {
                return new()
                {
                    Verdict = Verdict.Warn,
                    Message = $"{NameOf(then)} of this host, '{here!.HostPath}', does not define {Question.Join(missing)}, "
                        + "which the recorded one did; a program that needs one of them will not start",
                    Evidence = missing,
                    Remedy = "replay it on a host with a version as new as the recorded one",
                };
            }
        }

        return null;
    }

    private static Complaint? Different(Question q)
    {
        string[] changed =
        [
            .. Pairs(q).Where(p => p.Here is { } here && here.Digest.Sha256 != p.Then.Digest.Sha256)
                .Select(p => $"{NameOf(p.Then)} ({IdOf(p.Then)} then, {IdOf(p.Here!)} now)"),
        ];
        return changed.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"host files that the job had are not the recorded ones: {Question.Join(changed)}",
                Evidence = changed,
            };
    }

    private static Complaint? NobodyLooked(Question q) => q.InjectedHere is null && q.Run.Injected.Count > 0
        ? new()
        {
            Verdict = Verdict.Warn,
            Message = $"the job had {Question.Join(q.Run.Injected.Select(NameOf))} from its host; "
                + "a profile does not say whether this host has them",
            Evidence = [.. q.Run.Injected.Select(NameOf)],
            Remedy = "run the check on that host itself",
        }
        : null;

    /// <summary>Each recorded file and its like here: by SONAME, or for what has none by its place in the container.</summary>
    private static IEnumerable<(InjectedFile Then, InjectedFile? Here)> Pairs(Question q) => q.InjectedHere is not { } offered
        ? []
        : q.Run.Injected.Select(then => (then, offered.FirstOrDefault(here => then.Soname is null
            ? here.ContainerPath == then.ContainerPath
            : here.Soname == then.Soname)));

    private static string NameOf(InjectedFile file) => file.Soname ?? file.ContainerPath;

    private static string IdOf(InjectedFile file) => file.BuildId is { } id
        ? $"build-id {id[..Math.Min(12, id.Length)]}"
        : $"sha256 {file.Digest.Sha256[..12]}";
}
