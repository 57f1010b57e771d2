using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Analysis;

/// <summary>Puts what was found in the files of a load set into the words of the record.</summary>
/// <param name="objects">In order of the path.</param>
/// <param name="usesOf">What runs unchecked of one.</param>
/// <param name="unread">What was not looked into.</param>
/// <param name="architecture">Of the set; null for one without a program.</param>
internal sealed class RequirementsBuilder(
    IReadOnlyList<AnalysedObject> objects,
    Func<AnalysedObject, IReadOnlyList<CodeUse>> usesOf,
    IReadOnlyList<UnreadBinary> unread,
    string? architecture)
{
    private readonly bool _areMarksRead = AreMarksRead(objects);

    /// <summary>Who reads them; null where none is in the set.</summary>
    private readonly string? _reader = objects.FirstOrDefault(o => o is { Loaded.IsLoader: true, Facts.Loader.ReadsMarks: true })?.Loaded.Path;

    internal Requirements Build() => new()
    {
        Analysis = RequirementsAnalyser.Version,
        Architecture = architecture == "amd64" ? null : architecture,
        BranchProtection = architecture == "arm64" ? ProtectionOfAll() : null,
        Files = objects.Count,
        CodeBytes = objects.Sum(o => o.Facts.CodeBytes),
        Must = [.. objects.Where(IsSearched).SelectMany(o => usesOf(o).Select(use => Describe(o, use)))],
        May = [.. objects.Select(Choice).OfType<FeatureChoice>()],
        Start = [.. Kernel(), .. Page(), .. Loaders(), .. objects.SelectMany(Demands)],
        MakesCode =
        [
            .. objects.Where(o => o.Facts.MakesCode && !o.Loaded.IsOfCLibrary && !o.Loaded.MakesOnlyTrampolines)
                .Select(o => new CodeMaker { Path = o.Loaded.Path, AsksProcessor = o.Facts.MakesCodeKnowing }),
        ],
        Approximate =
        [
            .. objects.Where(o => o.Facts.Approximate > 0)
                .Select(o => new ApproximateCode { Path = o.Loaded.Path, Count = o.Facts.Approximate }),
        ],
        NotAnalysed = [.. unread.OrderBy(u => u.Path, StringComparer.Ordinal)],
    };

    /// <summary>In the order of their bits.</summary>
    private string[] ProtectionOfAll() => objects.Count == 0
        ? []
        : [.. objects.Select(o => o.Loaded.Elf.BranchProtection).Aggregate((some, others) => [.. some.Intersect(others)])];

    /// <summary>A variant is taken only where the processor has its level; Go's compiler guards what is above GOAMD64.</summary>
    private static bool IsSearched(AnalysedObject o) =>
        o.Facts.Features.Count > 0 && o.Loaded.VariantLevel is null && o.Facts.GoLevel is null;

    private static InstructionUse Describe(AnalysedObject o, CodeUse use) => new()
    {
        Path = o.Loaded.Path,
        Features = use.Features,
        Function = use.Function,
        Address = $"0x{use.Address:x}",
        Instruction = use.Instruction,
        How = use.How,
        Strong = use.Strong,
        Checked = use.Checked,
    };

    private static FeatureChoice? Choice(AnalysedObject o)
    {
        string? how = o.Loaded.VariantLevel is not null ? "hwcaps" : o.Facts.DispatchKind;
        return how is null || o.Facts.Features.Count == 0
            ? null
            : new FeatureChoice { Path = o.Loaded.Path, Features = o.Facts.Features, How = how };
    }

    /// <summary>Nearly every file names an old kernel: the newest is enough.</summary>
    private IEnumerable<StartDemand> Kernel() => objects
        .Where(o => Version.TryParse(o.Loaded.Elf.MinimumKernel, out _))
        .OrderByDescending(o => Version.Parse(o.Loaded.Elf.MinimumKernel!))
        .Take(1)
        .Select(o => new StartDemand { Path = o.Loaded.Path, Kind = "kernel", Needs = o.Loaded.Elf.MinimumKernel! });

    /// <summary>The smallest of all files is enough: the first that has it.</summary>
    private IEnumerable<StartDemand> Page() => objects
        .Where(o => o.Alignment is not null && o.Loaded.VariantLevel is null)
        .OrderBy(o => o.Alignment)
        .Take(1)
        .Select(o => new StartDemand { Path = o.Loaded.Path, Kind = "page", Needs = o.Alignment!.Value.ToString(CultureInfo.InvariantCulture) });

    /// <summary>What a dynamic linker was built for, it asks for; where the code does not tell which level, its own mark may.</summary>
    private IEnumerable<StartDemand> Loaders() =>
        from o in objects
        where o is { Loaded.IsLoader: true, Facts.Loader.Level: not null }
        let marked = LevelOf(o.Loaded.Elf.IsaNeeded)
        let level = string.CompareOrdinal(marked, o.Facts.Loader!.Level) > 0 ? marked : o.Facts.Loader.Level
        select new StartDemand { Path = o.Loaded.Path, Kind = "libc-level", Needs = level };

    /// <summary>Whether a dynamic linker looks at marks: glibc's since 2.33, musl's never. One that is not known is taken for one that does.</summary>
    private static bool AreMarksRead(IReadOnlyList<AnalysedObject> objects)
    {
        var asked = objects.Select(o => o.Loaded.Elf.Interpreter).OfType<string>().ToHashSet(StringComparer.Ordinal);
        bool isMusl = asked.Count > 0 && asked.All(path => path.Contains("ld-musl", StringComparison.Ordinal));
        AnalysedObject[] loaders = [.. objects.Where(o => o.Loaded.IsLoader)];
        return loaders.Length == 0 ? !isMusl : Array.Exists(loaders, o => o.Facts.Loader?.ReadsMarks ?? !isMusl);
    }

    private IEnumerable<StartDemand> Demands(AnalysedObject o)
    {
        // The dynamic linker looks at the mark, the kernel does not: in a static program it is nobody's.
        if (_areMarksRead && !o.Loaded.Elf.IsStatic && o.Loaded.VariantLevel is null && LevelOf(o.Loaded.Elf.IsaNeeded) is { } level)
        {
            yield return new StartDemand { Path = o.Loaded.Path, Kind = "isa-note", Needs = level, Seen = HasCodeOf(o, level), By = _reader };
        }

        if (o.Facts.GoLevel is { } go and not ("v1" or "v8.0"))
        {
            yield return new StartDemand { Path = o.Loaded.Path, Kind = "go", Needs = go };
        }
    }

    /// <summary>Bit 0 is the baseline, bits 1 to 3 are x86-64-v2 to v4. Source: x86-64 psABI, GNU_PROPERTY_X86_ISA_1_NEEDED.</summary>
    private static string? LevelOf(uint? isa) => isa switch
    {
        null => null,
        var bits when (bits & 8) != 0 => "v4",
        var bits when (bits & 4) != 0 => "v3",
        var bits when (bits & 2) != 0 => "v2",
        _ => null,
    };

    private static bool HasCodeOf(AnalysedObject o, string level)
    {
        ulong below = level == "v4" ? FeatureBits.V3 : level == "v3" ? FeatureBits.V2 : 0;
        return FeatureBits.NamesOf(FeatureBits.OfLevel(level) & ~below).Any(o.Facts.Features.Contains);
    }
}
