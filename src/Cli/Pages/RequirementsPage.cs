using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>What programs and libraries ask of a machine: what must be there first, then what is chosen.</summary>
internal static class RequirementsPage
{
    private const int Shown = 20;

    public static void Print(string title, Requirements requirements, Terminal terminal)
    {
        var page = new PageWriter(terminal);
        page.Heading(title);
        PrintSummary(requirements, page);
        page.Part("runs without a check of the processor");
        page.Items(requirements.Must, requirements.Must.Count, Shown, Use);
        page.Part("chosen by the processor");
        page.Items(requirements.May, requirements.May.Count, Shown, choice => $"{choice.Path} ({choice.How}): {string.Join(' ', choice.Features)}");
        var checks = requirements.Start.Where(s => s.Kind is not ("kernel" or "page")).ToList();
        page.Part("checked at the start");
        page.Items(checks, checks.Count, Shown, s => Check(requirements, s));
        page.Part("makes machine code while it runs");
        page.Items(requirements.MakesCode, requirements.MakesCode.Count, Shown, maker => maker.Path);
        page.Part("approximate results, which differ between vendors");
        page.Items(requirements.Approximate, requirements.Approximate.Count, Shown, code => $"{code.Path}: {code.Count} instructions");
        page.Part("may load more: nobody saw what was loaded");
        page.Items(requirements.MayLoadMore ?? [], requirements.MayLoadMore?.Count ?? 0, Shown, path => path);
        page.Part("not analysed");
        page.Items(requirements.NotAnalysed, requirements.NotAnalysed.Count, Shown, unread => $"{unread.Path}: {unread.Reason}");
    }

    /// <summary>What must be there and what is chosen by, without who asks for it.</summary>
    public static void PrintSummary(Requirements requirements, PageWriter page)
    {
        page.Field(
            "analysed",
            $"{Readable.Count(requirements.Files, "file", "files")}, {Readable.Bytes(requirements.CodeBytes)} of code"
                + (requirements.MayLoadMore is null ? "" : ": what would be loaded, which nobody saw"));
        string? must = Join(requirements.Must.Where(use => use.Strong).SelectMany(use => use.Features));
        page.Field("must have", must ?? $"nothing beyond {Baseline(requirements)}");
        page.Field("may need", Join(requirements.Must.Where(use => !use.Strong).SelectMany(use => use.Features)));
        page.Field("chooses by", Join(requirements.May.SelectMany(choice => choice.Features)));
        page.Field("branch protection", requirements.BranchProtection is { Count: > 0 } marks ? string.Join(' ', marks) : null);
        page.Field("Linux", requirements.Start.Where(s => s.Kind == "kernel").Select(s => s.Needs).MaxBy(Release));
    }

    /// <summary>What must be there, in a line.</summary>
    public static string Level(Requirements requirements)
    {
        var asked = requirements.Start.Where(s => s.Kind is not ("kernel" or "page")).Select(s => $"{Machine(requirements)}{s.Needs}").Distinct();
        string? must = Join(requirements.Must.Where(use => use.Strong).SelectMany(use => use.Features).Concat(asked));
        string? linux = requirements.Start.Where(s => s.Kind == "kernel").Select(s => s.Needs).MaxBy(Release);
        return $"{must ?? $"nothing beyond {Baseline(requirements)}"}{(linux is null ? "" : $", Linux {linux}")}"
            + (requirements.NotAnalysed.Count == 0 ? "" : $"; {Readable.Count(requirements.NotAnalysed.Count, "file was", "files were")} not analysed");
    }

    private static string Check(Requirements requirements, StartDemand demand) =>
        $"{demand.Path} ({demand.Kind}): {Machine(requirements)}{demand.Needs}{(demand.Seen == false ? ", though it has no such code" : "")}";

    private static string Baseline(Requirements requirements) => Machine(requirements) + (requirements.Architecture == "arm64" ? "v8.0" : "v1");

    private static string Machine(Requirements requirements) => requirements.Architecture == "arm64" ? "Arm" : "x86-64-";

    private static string Use(InstructionUse use) =>
        $"{(use.Strong ? "must" : "may ")} {string.Join(' ', use.Features)}: {use.Path} "
        + $"{(use.Function is null ? "" : $"{use.Function} ")}{use.Address}: {use.Instruction} ({use.How}"
        + $"{(use.Checked is { } asked ? $" of {string.Join(' ', asked)}" : "")})";

    private static string? Join(IEnumerable<string> features)
    {
        string joined = string.Join(' ', features.Distinct().Order(StringComparer.Ordinal));
        return joined.Length == 0 ? null : joined;
    }

    private static Version Release(string text) => Version.TryParse(text, out var version) ? version : new Version(0, 0);
}
