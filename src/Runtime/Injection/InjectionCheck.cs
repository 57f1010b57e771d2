using Provenance.Archive.Records;

namespace Provenance.Runtime.Injection;

/// <summary>Whether a job can work with the libraries that are put into its container; asked before it starts.</summary>
/// <remarks>Rules INJ-3 to INJ-16 of schema/FORMAT.d/injection.md. Versions are compared as sets, never as numbers.</remarks>
/// <param name="programs">The job's programs.</param>
/// <param name="before">What they load without what is put in.</param>
/// <param name="after">What they load with it.</param>
/// <param name="solver">With what is put in.</param>
/// <param name="importers">Libraries of the image that ask for what is put in, and that a program may open while it runs.</param>
/// <param name="host">Where the host's own libraries are.</param>
internal sealed class InjectionCheck(
    IReadOnlyList<ElfObject> programs,
    LoadSet before,
    LoadSet after,
    InjectionSolver solver,
    IReadOnlyList<ElfObject> importers,
    LibrarySearch host)
{
    private HostLibrary[] Libraries { get; } = [.. solver.Given.Values.Distinct().Where(library => !library.IsPlugIn)];

    public IEnumerable<Finding> Check() =>
    [
        .. CLibraries(), .. OtherArchitectures(), .. OtherCLibrary(), .. MissingLibraries(), .. MissingVersions(), .. UnusableParts(),
        .. MissingSymbols(), .. ForeignSymbols(), .. NotAskedFor(), .. TwoOfAKind(), .. OlderInterfaces(), .. UnusablePlugIns(), .. OpenedLater(),
    ];

    private IEnumerable<Finding> CLibraries() =>
        from library in Libraries
        let name = library.Names.Append(Path.GetFileName(library.Destination ?? "")).FirstOrDefault(GlibcFiles.IsPart)
        where name is not null
        select InjectionFinding.Refuse(
            "INJ-13",
            $"'{library.Object.HostPath}' is part of a C library ({name}); a container keeps its own, whose parts fit each other only",
            [name],
            "rebuild the image on a system with the C library that is needed",
            canForce: false);

    private IEnumerable<Finding> OtherArchitectures() =>
        from library in Libraries
        let program = programs.FirstOrDefault(program => !library.Object.IsLike(program.File))
        where program is not null && !library.IsOptional
        select InjectionFinding.Refuse(
            "INJ-14",
            $"'{library.Object.HostPath}' is for {library.Object.File.Architecture}, '{program.Path}' for {program.File.Architecture}",
            [library.Object.File.Architecture, program.File.Architecture],
            canForce: false);

    private IEnumerable<Finding> OtherCLibrary()
    {
        if (programs.FirstOrDefault(program => LoadSet.UsesMusl(program.File)) is not { } musl)
        {
            yield break;
        }

        foreach (var library in Libraries.Where(l => !l.IsOptional && l.Object.File.Needed.Any(GlibcFiles.IsPart) && !UsesMusl(l.Object)))
        {
            yield return InjectionFinding.Refuse(
                "INJ-7",
                $"'{library.Object.HostPath}' needs glibc; '{musl.Path}' uses musl ({musl.File.Interpreter})",
                [library.Object.Name, musl.File.Interpreter!],
                "use an image with glibc");
        }
    }

    private static bool UsesMusl(ElfObject library) => library.File.Needed.Any(name => name.Contains("musl", StringComparison.Ordinal));

    private IEnumerable<Finding> MissingLibraries() =>
        from missing in after.Missing
        where missing.By.IsFromHost
        select InjectionFinding.Refuse(
            "INJ-4",
            $"'{missing.By.HostPath}' of this host needs {missing.Name}, which is neither in the image nor on this host",
            [missing.Name],
            $"install {missing.Name} here or in the image");

    private IEnumerable<Finding> MissingVersions()
    {
        foreach (var (by, name, found) in after.Links.Where(link => link.By.IsFromHost || link.Found.IsFromHost))
        {
            string[] lacking = InjectionSolver.Lacking(by, name, found);
            if (lacking.Length > 0)
            {
                yield return InjectionFinding.Refuse(
                    "INJ-3",
                    $"{Of(by)} needs {InjectionFinding.Names(lacking)} of {name}; {Of(found)} {Highest(found, lacking[0])}",
                    lacking,
                    GlibcFiles.IsPart(Path.GetFileName(name))
                        ? "use an image with a C library as new as this host's, or a library built for an older one"
                        : $"put a {name} in that defines it");
            }
        }
    }

    /// <summary>Of a driver's libraries that nothing loaded asks for: they may be opened later, and then fail.</summary>
    private IEnumerable<Finding> UnusableParts()
    {
        var unusable =
            from library in Libraries
            where library.IsOptional && !after.Objects.Contains(library.Object)
            from need in library.Object.File.VersionsNeeded
            let found = after.ByName(need.Library)
            where found is { File.VersionsDefined.Count: > 0 } && !found.File.VersionsDefined.Contains(need.Version)
            select (library.Object, Version: need.ToString());
        var all = unusable.ToArray();
        if (all.Length > 0)
        {
            string[] names = [.. all.Select(part => part.Object.Name).Distinct()];
            string[] versions = [.. all.Select(part => part.Version).Distinct()];
            yield return InjectionFinding.Warn(
                "INJ-3",
                $"{InjectionFinding.Names(names)} of this host need {InjectionFinding.Names(versions)}, which the image does not define: "
                    + "a program that opens them while it runs will fail",
                versions,
                "use an image with a C library as new as this host's");
        }
    }

    private static string Highest(ElfObject found, string missing)
    {
        string family = missing.Split('_')[0] + "_";
        string[] same = [.. found.File.VersionsDefined.Where(version => version.StartsWith(family, StringComparison.Ordinal) && char.IsDigit(version[^1]))];
        return same.Length == 0
            ? $"defines no version {family}*"
            : $"defines up to {same.MaxBy(version => Version.TryParse(version[family.Length..], out var number) ? number : new Version())}";
    }

    /// <summary>What the container's own files take from a library that is replaced, and nothing gives them any more.</summary>
    private IEnumerable<Finding> MissingSymbols()
    {
        foreach (var library in Libraries)
        {
            var old = library.Names.Select(before.ByName).FirstOrDefault(found => found is not null);
            foreach (var by in after.Links.Where(link => link.Found == library.Object && !link.By.IsFromHost).Select(link => link.By).Distinct())
            {
                string[] lost = [.. by.Imports.Where(symbol => (old is null || old.Exports.Contains(symbol)) && !IsGiven(symbol))];
                if (lost.Length > 0)
                {
                    yield return InjectionFinding.Refuse(
                        "INJ-5",
                        $"{Of(by)} uses {InjectionFinding.Names(lost)}, which '{library.Object.HostPath}' of this host lacks",
                        lost,
                        $"put a {library.Object.Name} in that has it, or run the job with the image's own");
                }
            }
        }
    }

    /// <summary>The other direction: what a host's library takes from one of the image's that the host's own copy of it would give.</summary>
    private IEnumerable<Finding> ForeignSymbols()
    {
        foreach (var (by, name, found) in after.Links.Where(link => link.By.IsFromHost && !link.Found.IsFromHost))
        {
            var own = GlibcFiles.IsPart(found.Name) ? null : host.Find(name, by);
            string[] lost = own is null ? [] : [.. by.Imports.Where(symbol => own.Exports.Contains(symbol) && !IsGiven(symbol))];
            if (own is not null && lost.Length > 0)
            {
                yield return InjectionFinding.Refuse(
                    "INJ-5",
                    $"'{by.HostPath}' of this host uses {InjectionFinding.Names(lost)}, which {Of(found)} lacks",
                    lost,
                    $"put this host's {name} in as well: --inject {own.HostPath}");
            }
        }
    }

    private bool IsGiven(string symbol) => after.Objects.Any(other => other.Exports.Contains(symbol));

    private IEnumerable<Finding> NotAskedFor()
    {
        foreach (var library in Libraries.Where(library => library.Reason is "inject" or "mpi" && !library.Names.Any(GlibcFiles.IsPart)))
        {
            bool isAsked = after.Links.Any(link => link.Found == library.Object && !link.By.IsFromHost);
            if (isAsked || programs.All(program => program.File.IsStatic))
            {
                continue;
            }

            string[] similar =
            [
                .. after.Links.Where(link => !link.By.IsFromHost && IsSimilar(link.Name, library.Object.Name)).Select(link => link.Name).Distinct(),
            ];
            string asked = similar.Length == 0 ? "" : $" (they ask for {string.Join(", ", similar)})";
            yield return InjectionFinding.Warn(
                "INJ-6",
                $"'{library.Object.HostPath}' is called {library.Object.Name}, which none of the job's programs and their libraries asks for{asked}: "
                    + "it counts only for what is opened by that name while the job runs",
                [library.Object.Name, .. similar]);
        }
    }

    /// <summary>libmpi and libmpich are two names of one interface.</summary>
    private static bool IsSimilar(string one, string other)
    {
        const int Telling = 6;
        (one, other) = (Stem(one), Stem(other));
        return Math.Min(one.Length, other.Length) >= Telling
            && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal));
    }

    private IEnumerable<Finding> TwoOfAKind() =>
        from kind in after.Links.Select(link => link.Found).Distinct().Where(found => found.File.Soname is not null).GroupBy(found => Stem(found.Name))
        let copies = kind.DistinctBy(found => found.HostPath).ToArray()
        where copies.Length > 1 && copies.Any(copy => copy.IsFromHost)
        select InjectionFinding.Warn(
            "INJ-10",
            $"{copies.Length} libraries called {kind.Key} would be loaded together: {string.Join(", ", copies.Select(Of))}",
            copies.Select(copy => copy.Name));

    private IEnumerable<Finding> OlderInterfaces()
    {
        foreach (var library in Libraries)
        {
            if (library.Names.Select(before.ByName).FirstOrDefault(found => found is { IsFromHost: false }) is { } old)
            {
                string[] gone = [.. old.Exports.Except(library.Object.Exports)];
                if (gone.Length > 0)
                {
                    yield return InjectionFinding.Note(
                        "INJ-9",
                        $"'{library.Object.HostPath}' of this host lacks {gone.Length} names that the image's {old.Name} has",
                        gone);
                }
            }
        }
    }

    /// <summary>What opens them goes on without, and then does without the network, or whatever else they are for.</summary>
    private IEnumerable<Finding> UnusablePlugIns() =>
        from folder in solver.PlugIns
        let failing = folder.Files.Where(solver.Unusable.ContainsKey).ToArray()
        where failing.Length > 0
        select InjectionFinding.Warn(
            "INJ-15",
            $"{failing.Length} of {folder.Files.Count} plug-ins of {folder.By.Name} of this host cannot be loaded in the image: "
                + InjectionFinding.Names([.. failing.Select(file => $"{Path.GetFileName(file.Path)} ({solver.Unusable[file]})")]),
            failing.Select(file => file.Path),
            "use an image with libraries as new as this host's");

    /// <summary>What the image's other libraries would miss. They are opened or not: that shows only while the job runs.</summary>
    private IEnumerable<Finding> OpenedLater()
    {
        foreach (var library in Libraries.Where(library => library.Names.Select(before.ByName).All(old => old is null or { IsFromHost: false })))
        {
            var asking = importers.Where(by => by.File.Needed.Any(library.Names.Contains)).ToArray();
            var lost = asking.Select(by => (By: by, Lost: LostBy(by, library))).FirstOrDefault(found => found.Lost.Length > 0);
            if (lost.By is not null)
            {
                yield return InjectionFinding.Warn(
                    "INJ-16",
                    $"{Of(lost.By)}, which a program may open while it runs, uses {InjectionFinding.Names(lost.Lost)}, "
                        + $"which '{library.Object.HostPath}' of this host lacks",
                    [lost.By.Path, .. lost.Lost],
                    $"put a {library.Object.Name} in that has it, or run the job with the image's own");
            }
        }
    }

    /// <summary>Symbols that the image's own copy gives it, and versions that it needs.</summary>
    private string[] LostBy(ElfObject by, HostLibrary library)
    {
        var own = library.Names.SelectMany(name => LoadSet.Copies(before, solver.Image, name)).FirstOrDefault(copy => !copy.IsFromHost);
        string[] versions = [.. by.File.Needed.Where(library.Names.Contains).SelectMany(name => InjectionSolver.Lacking(by, name, library.Object)).Distinct()];
        bool IsLost(string symbol) => own!.Exports.Contains(symbol) && !IsGiven(symbol) && !library.Object.Exports.Contains(symbol);
        return [.. versions, .. own is null ? [] : by.Imports.Where(IsLost)];
    }

    private static string Of(ElfObject found) => found.IsFromHost ? $"'{found.HostPath}' of this host" : $"'{found.Path}' of the image";

    private static string Stem(string name) =>
        name.IndexOf(".so", StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;
}
