using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>Finds what a load set asks of a machine: first what is in each file, then what is reached of it where it is loaded.</summary>
/// <remarks>Results are kept three ways: of a whole set, of a file, and of a file in its surroundings. With the first, no file is read.</remarks>
internal sealed class RequirementsAnalyser(AnalysisCache cache, TimeProvider clock)
{
    /// <summary>Raised whenever the same files give another result: what is in the cache is then passed over.</summary>
    internal const int Version = 4;

    /// <summary>A larger file is not read, in bytes: it would not fit beside the job.</summary>
    private const long LargestFile = 512L << 20;

    /// <summary>Why a file was not looked into when the budget was spent.</summary>
    internal const string NoTime = "there was no time for it";

    /// <summary>Python's extension modules, and R's packages.</summary>
    private static readonly string[] ModulePrefixes = ["PyInit_", "R_init_"];

    private const string TooLarge = "is larger than 512 MiB";

    private const string TooMuch = "lies beyond the first 512 MiB of all files";

    private readonly Dictionary<string, Digest> _digests = new(StringComparer.Ordinal);

    /// <summary>Whether a file's digest need not be computed.</summary>
    internal bool KnowsDigest(string path) => _digests.ContainsKey(path);

    /// <param name="path">In the container.</param>
    /// <param name="digest">Known from elsewhere.</param>
    internal void Learn(string path, Digest digest) => _digests[path] = digest;

    /// <param name="set">Of one job.</param>
    /// <param name="budget">When it is spent, files that were not looked into are told as such; null for as long as it takes.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    /// <param name="mostBytes">Of all files: those beyond are told as such. Null for any amount.</param>
    internal Requirements Analyse(LoadSet set, TimeSpan? budget, CancellationToken cancellation, long? mostBytes = null)
    {
        long start = clock.GetTimestamp();
        var unread = set.Unread.ToList();
        var objects = Within(mostBytes, set.Objects, unread).Where(loaded => Digest(loaded, unread) is not null).ToList();
        var key = KeyOf(objects, unread, set.IsExpected);
        if (cache.Read(key) is { } kept && TryParse(kept) is { } known)
        {
            return known;
        }

        var analysed = new List<AnalysedObject>();
        foreach (var loaded in objects)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isLate = budget is { } limit && clock.GetElapsedTime(start) > limit;
            if (Look(loaded, isLate, unread) is { } found)
            {
                analysed.Add(found);
            }
        }

        var requirements = new RequirementsBuilder(analysed, found => UsesOf(found, analysed), unread, set.Architecture).Build();
        requirements = set.IsExpected ? requirements with { MayLoadMore = FurtherLoading.Of(analysed) } : requirements;
        if (requirements.NotAnalysed.All(u => u.Reason != NoTime))
        {
            cache.Write(key, RequirementsJson.Serialize(requirements));
        }

        return requirements;
    }

    private static IReadOnlyList<LoadedObject> Within(long? mostBytes, IReadOnlyList<LoadedObject> all, List<UnreadBinary> unread)
    {
        if (mostBytes is not { } left)
        {
            return all;
        }

        var within = new List<LoadedObject>();
        foreach (var loaded in all)
        {
            left -= new FileInfo(loaded.HostPath).Length;
            if (left >= 0)
            {
                within.Add(loaded);
            }
            else
            {
                unread.Add(new UnreadBinary { Path = loaded.Path, Reason = TooMuch });
            }
        }

        return within;
    }

    private Digest? Digest(LoadedObject loaded, List<UnreadBinary> unread)
    {
        try
        {
            if (!_digests.TryGetValue(loaded.Path, out var digest))
            {
                digest = DigestOf(loaded.HostPath);
                _digests.Add(loaded.Path, digest);
            }

            return digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unread.Add(new UnreadBinary { Path = loaded.Path, Reason = UnreadReason.Of(e) });
            return null;
        }
    }

    private static Digest DigestOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Archive.Content.Digest.Of(file);
    }

    /// <summary>Everything that the result depends on.</summary>
    private Digest KeyOf(List<LoadedObject> objects, List<UnreadBinary> unread, bool isExpected)
    {
        var text = new StringBuilder($"requirements {Version}{(isExpected ? " expected" : "")}\n");
        foreach (var loaded in objects)
        {
            text.Append(_digests[loaded.Path].Hex).Append(' ').Append(loaded.IsProgram ? 'p' : loaded.IsOpened ? 'o' : 'l').Append(loaded.IsLoader ? "i" : "")
                .Append(' ').Append(loaded.VariantLevel).Append(' ').Append(loaded.Path).Append('\0');
        }

        unread.ForEach(u => text.Append(u.Path).Append('\0').Append(u.Reason).Append('\0'));
        return Key(text);
    }

    private static Digest Key(StringBuilder text) => Archive.Content.Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));

    private static Requirements? TryParse(byte[] kept)
    {
        try
        {
            return RequirementsJson.Parse(kept);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    /// <param name="loaded">Of the set.</param>
    /// <param name="isLate">Only what is in the cache counts.</param>
    /// <param name="unread">Gets what is not looked into.</param>
    private AnalysedObject? Look(LoadedObject loaded, bool isLate, List<UnreadBinary> unread)
    {
        try
        {
            var digest = _digests[loaded.Path];
            var key = Key(new StringBuilder($"facts {Version}\n{digest.Hex}"));
            var facts = cache.Find(key, AnalysisJsonContext.Default.CodeFacts);
            if (facts is null && isLate)
            {
                return Unread(NoTime);
            }

            if (new FileInfo(loaded.HostPath).Length > LargestFile)
            {
                return Unread(TooLarge);
            }

            byte[] content = File.ReadAllBytes(loaded.HostPath);
            if (facts is not null)
            {
                return new AnalysedObject(loaded, digest, new ElfImage(content), facts, null);
            }

            var code = new CodeObject(content);
            facts = FactsOf(code);
            cache.Put(key, facts, AnalysisJsonContext.Default.CodeFacts);
            return new AnalysedObject(loaded, digest, code.Image, facts, facts.Features.Count > 0 ? code : null);
        }
        catch (Exception e) when (e is ElfFormatException or IOException or UnauthorizedAccessException)
        {
            return Unread(UnreadReason.Of(e));
        }

        AnalysedObject? Unread(string reason)
        {
            unread.Add(new UnreadBinary { Path = loaded.Path, Reason = reason });
            return null;
        }
    }

    private static CodeFacts FactsOf(CodeObject code) => new()
    {
        CodeBytes = code.CodeBytes,
        Features = code.Set.NamesOf(code.Features),
        ProcessorExports = [.. code.ProcessorExports().Distinct().Order(StringComparer.Ordinal)],
        DispatchKind = code.DispatchKind,
        Approximate = code.ApproximateCount,
        MakesCode = code.MakesCode,
        MakesCodeKnowing = code.MakesCodeKnowing,
        GoLevel = code.GoLevel,
        HasPlainStart = code.InitialFunctions().All(address => code.Find(address) is not { Features: not 0 }),
        Loader = LoaderChecks.Of(code.Image),
    };

    private CodeUse[] UsesOf(AnalysedObject found, List<AnalysedObject> all)
    {
        var others = all.Where(other => other != found).ToList();
        var wanted = others.SelectMany(other => other.Imports).ToHashSet(StringComparer.Ordinal);
        var providers = others.SelectMany(other => other.Facts.ProcessorExports).ToHashSet(StringComparer.Ordinal);
        string[] roots = [.. found.Exports.Where(wanted.Contains).Union(LookedUp(found))];

        string[] processor = [.. found.Imports.Where(providers.Contains).Order(StringComparer.Ordinal)];
        bool isOnlyFor = IsOneOfChoices(found, others, providers);
        var key = Key(new StringBuilder($"uses {Version}\n{found.Digest.Hex}\n{isOnlyFor}\n")
            .AppendJoin('\0', roots).Append('\n').AppendJoin('\0', processor));
        if (cache.Find(key, AnalysisJsonContext.Default.CodeUseArray) is { } kept)
        {
            return kept;
        }

        var code = found.Code ?? new CodeObject(File.ReadAllBytes(found.Loaded.HostPath));
        code.UseProcessorSymbols(processor.ToHashSet(StringComparer.Ordinal));
        CodeUse[] uses = [.. new Reachability(code, roots.ToHashSet(StringComparer.Ordinal), isOnlyFor).Find()];
        cache.Put(key, uses, AnalysisJsonContext.Default.CodeUseArray);
        return uses;
    }

    /// <summary>
    /// Of a library that the job opens by itself: dlsym(3) finds any of what it exports, but of an extension module an interpreter
    /// asks for one name. Source: Python, Doc/extending/extending.rst; R, "Writing R Extensions", section 5.4.
    /// </summary>
    private static IEnumerable<string> LookedUp(AnalysedObject found)
    {
        if (!found.Loaded.IsOpened)
        {
            return [];
        }

        string[] modules = [.. found.Exports.Where(name => ModulePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))];
        return modules.Length > 0 ? modules : found.Exports;
    }

    /// <summary>Nothing in it chooses, its initialisers are plain, and whatever calls it chooses: then it may be what is chosen.</summary>
    private static bool IsOneOfChoices(AnalysedObject found, List<AnalysedObject> others, HashSet<string> providers)
    {
        if (found.Loaded.IsProgram || found.Facts.DispatchKind is not null)
        {
            return false;
        }

        if (found.Loaded.IsOpened)
        {
            return others.Exists(other => !other.Loaded.IsOfCLibrary && other.Facts.DispatchKind is not null);
        }

        // Many a library is named by files that take nothing from it.
        var importers = others.FindAll(other => other.Imports.Overlaps(found.Exports));
        return found.Facts.HasPlainStart && importers.Count > 0 && importers.TrueForAll(importer => Chooses(importer) || IsTold(importer));

        // Or calls it as a file says that chooses whether to use it: such as inline code of a class whose constructor, elsewhere, asks the processor.
        bool IsTold(AnalysedObject importer) => importers.Exists(chooser => Chooses(chooser) && importer.Imports.Overlaps(chooser.Exports));

        bool Chooses(AnalysedObject importer) => importer.Facts.DispatchKind is not null || importer.Imports.Overlaps(providers);
    }
}
