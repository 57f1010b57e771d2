using Provenance.Archive.Content;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>An object of a load set while the set is analysed.</summary>
internal sealed class AnalysedObject(LoadedObject loaded, Digest digest, ElfImage image, CodeFacts facts, CodeObject? code)
{
    internal LoadedObject Loaded { get; } = loaded;

    internal Digest Digest { get; } = digest;

    internal CodeFacts Facts { get; } = facts;

    /// <summary>Null where the facts were in the cache, and for code without features.</summary>
    internal CodeObject? Code { get; } = code;

    /// <summary>The least alignment of its segments, in bytes: no larger page will do. Null where they ask for none.</summary>
    /// <remarks>Source: glibc, elf/dl-load.c: "ELF load command alignment not page-aligned"; the kernel's mmap(2) asks for the same.</remarks>
    internal ulong? Alignment { get; } =
        image.Segments.Where(segment => segment is { IsLoaded: true, Alignment: > 1 }).Select(segment => (ulong?)segment.Alignment).Min();

    /// <summary>Names that it needs of other objects.</summary>
    internal IReadOnlySet<string> Imports { get; } =
        image.DynamicSymbols.Where(symbol => !symbol.IsDefined).Select(symbol => symbol.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Functions that other objects may call, in order.</summary>
    internal IReadOnlyList<string> Exports { get; } =
        [.. image.DynamicSymbols.Where(s => s.IsDefined && s.IsFunction).Select(s => s.Name).Order(StringComparer.Ordinal)];
}
