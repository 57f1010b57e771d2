using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Web.Pages;

/// <summary>What a run asks of a machine, as its record says, without which file asks for what: that is in the statement.</summary>
internal sealed record RunRequirements
{
    private const string Glibc = "GLIBC_";
    private const string KernelKind = "kernel";
    private const string PageKind = "page";

    /// <summary>As OCI names it.</summary>
    public required string Architecture { get; init; }

    /// <summary>Features of the processor that its code uses without asking, as /proc/cpuinfo names them.</summary>
    public required IReadOnlyList<string> MustHave { get; init; }

    /// <summary>Features that it may use without asking: that could not be told.</summary>
    public required IReadOnlyList<string> MayNeed { get; init; }

    /// <summary>Features by which it chooses its code: without them it runs, and may give other last digits.</summary>
    public required IReadOnlyList<string> ChoosesBy { get; init; }

    /// <summary>Level of the processor that is checked at the start, such as <c>v3</c>; absent when none is.</summary>
    public string? Level { get; init; }

    /// <summary>The oldest Linux; absent when none is asked for.</summary>
    public string? Linux { get; init; }

    /// <summary>The largest pages that its files can be mapped in, in bytes; absent where that is not known.</summary>
    public int? LargestPage { get; init; }

    /// <summary>The oldest glibc in the container that files of the host, which were put into it, want; absent when they want none.</summary>
    public string? LibC { get; init; }

    /// <summary>Files that were analysed.</summary>
    public required int Files { get; init; }

    /// <summary>Files that were not: what they ask for is not known.</summary>
    public required int NotAnalysed { get; init; }

    /// <summary>Files that make machine code while they run: what that asks for is not known.</summary>
    public required int MakesCode { get; init; }

    /// <returns>Null when it was not recorded.</returns>
    public static RunRequirements? Of(RunRecord run) => Of(run.Requirements, run.Injected);

    /// <param name="requirements">Of a run, or of an image's own program; null when they were not recorded.</param>
    /// <param name="injected">Files of the host that were put into the container.</param>
    public static RunRequirements? Of(Requirements? requirements, IReadOnlyList<InjectedFile> injected) => requirements is not { } found ? null : new()
    {
        Architecture = found.Architecture ?? "amd64",
        MustHave = Names(found.Must.Where(use => use.Strong).SelectMany(use => use.Features)),
        MayNeed = Names(found.Must.Where(use => !use.Strong).SelectMany(use => use.Features)),
        ChoosesBy = Names(found.May.SelectMany(choice => choice.Features)),
        Level = found.Start.Where(demand => demand.Kind is not (KernelKind or PageKind)).Select(demand => demand.Needs).MaxBy(NumberOf),
        Linux = found.Start.Where(demand => demand.Kind == KernelKind).Select(demand => demand.Needs).MaxBy(NumberOf),
        LargestPage = found.Start.Where(demand => demand.Kind == PageKind)
            .Select(demand => int.TryParse(demand.Needs, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) ? bytes : (int?)null)
            .Min(),
        LibC = injected.SelectMany(file => file.VersionsNeeded)
            .Where(version => version.Contains(Glibc, StringComparison.Ordinal))
            .Select(version => version[(version.IndexOf(Glibc, StringComparison.Ordinal) + Glibc.Length)..])
            .Where(version => Version.TryParse(version, out _))
            .MaxBy(NumberOf),
        Files = found.Files,
        NotAnalysed = found.NotAnalysed.Count,
        MakesCode = found.MakesCode.Count,
    };

    private static string[] Names(IEnumerable<string> features) => [.. features.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Of <c>v3</c>, <c>v8.2</c>, <c>3.2.0</c> and <c>2.34</c>.</summary>
    private static Version NumberOf(string text)
    {
        string number = text.TrimStart('v');
        return Version.TryParse(number.Contains('.', StringComparison.Ordinal) ? number : $"{number}.0", out var version) ? version : new Version(0, 0);
    }
}
