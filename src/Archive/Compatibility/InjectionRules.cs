using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Files of the recorded host that were put into the container: does this host have their like.</summary>
internal static class InjectionRules
{
    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("INJ-2", Concern.Runs, Absent),
        new("INJ-3", Concern.Runs, MissingVersions),
        new("INJ-5", Concern.Runs, MissingSymbols),
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
        if (TooNew(q) is { } tooNew)
        {
            return tooNew;
        }

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

    /// <summary>It needs a version of one of the image's libraries that the image's does not define: the job would not start.</summary>
    private static Complaint? TooNew(Question q)
    {
        if (q.Run.Injection is not { ImageVersions: { Count: > 0 } defined })
        {
            return null;
        }

        var libraries = defined.Select(LibraryOf).ToHashSet(StringComparer.Ordinal);
        foreach (var (then, here) in Pairs(q))
        {
            string[] missing = here is null
                ? []
                : [.. here.VersionsNeeded.Where(version => libraries.Contains(LibraryOf(version))).Except(defined, StringComparer.Ordinal)];
            if (missing.Length > 0)
            {
                return new()
                {
                    Verdict = Verdict.Refuse,
                    Message = $"{NameOf(then)} of this host, '{here!.HostPath}', needs {Question.Join(missing)}, which the image's libraries do not define",
                    Evidence = missing,
                    Remedy = "replay it on a host whose libraries were built for a C library as old as the image's",
                };
            }
        }

        return null;
    }

    private static Complaint? MissingSymbols(Question q)
    {
        foreach (var (then, here) in Pairs(q))
        {
            string[] missing = here?.SymbolsUsed is not { } given ? [] : [.. (then.SymbolsUsed ?? []).Except(given, StringComparer.Ordinal)];
            if (missing.Length > 0)
            {
                return new()
                {
                    Verdict = Verdict.Refuse,
                    Message = $"the job takes {Question.Join(missing)} from {NameOf(then)}; this host's, '{here!.HostPath}', lacks it",
                    Evidence = missing,
                    Remedy = "replay it on a host with a version that has it",
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
                Remedy = "for the same results replay it on a host that has the recorded files",
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
        : q.Run.Injected.Select(then => (then, offered.FirstOrDefault(here => IsLike(then, here))));

    /// <summary>One MPI interface has several names; what stands for it was looked for under all of them.</summary>
    private static bool IsLike(InjectedFile then, InjectedFile here) => then.Soname is null || then.Reason == "mpi"
        ? here.ContainerPath == then.ContainerPath
        : here.Soname == then.Soname;

    private static string LibraryOf(string version) => version[..Math.Max(0, version.IndexOf(':', StringComparison.Ordinal))];

    private static string NameOf(InjectedFile file) => file.Soname ?? file.ContainerPath;

    private static string IdOf(InjectedFile file) => file.BuildId is { } id
        ? $"build-id {id[..Math.Min(12, id.Length)]}"
        : $"sha256 {file.Digest.Sha256[..12]}";
}
