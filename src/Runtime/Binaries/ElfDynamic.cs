namespace Provenance.Runtime.Binaries;

/// <summary>The dynamic section and the version tables it points to.</summary>
/// <remarks>Source: System V ABI chapter 5, "Dynamic Section"; Linux Standard Base 5.0, "Symbol Versioning".</remarks>
internal sealed partial class ElfDynamic
{
    // elf.h: DT_*
    private const ulong DtNull = 0, DtNeeded = 1, DtStrtab = 5, DtSoname = 14, DtRpath = 15, DtRunpath = 29;
    private const ulong DtFlags1 = 0x6ffffffb, DtVerdef = 0x6ffffffc, DtVerdefnum = 0x6ffffffd;
    private const ulong DtVerneed = 0x6ffffffe, DtVerneednum = 0x6fffffff;
    private const ulong Df1Pie = 0x08000000;
    private const ushort VerFlgBase = 1;

    /// <summary>Most entries of one version table, nested ones counted. libc.so.6 has 40.</summary>
    private const int MostVersions = 65_536;

    private readonly ElfBytes _bytes;
    private readonly IReadOnlyList<ElfSegment> _segments;
    private readonly Dictionary<ulong, ulong> _values = [];
    private readonly Dictionary<int, string> _versionNames = [];
    private ulong _strings;
    private int _versionsRead;

    private ElfDynamic(ElfBytes bytes, IReadOnlyList<ElfSegment> segments)
    {
        _bytes = bytes;
        _segments = segments;
    }

    internal IReadOnlyList<string> Needed { get; private set; } = [];

    internal string? Soname { get; private set; }

    internal string? Rpath { get; private set; }

    internal string? Runpath { get; private set; }

    internal bool PositionIndependentProgram { get; private set; }

    internal IReadOnlyList<ElfVersionNeed> VersionsNeeded { get; private set; } = [];

    internal IReadOnlyList<string> VersionsDefined { get; private set; } = [];

    /// <param name="table">The content of PT_DYNAMIC; empty in a static program.</param>
    internal static ElfDynamic Read(
        ElfBytes bytes, bool is64, IReadOnlyList<ElfSegment> segments, ReadOnlyMemory<byte> table)
    {
        var dynamic = new ElfDynamic(bytes, segments);
        var needed = dynamic.ReadEntries(table.Span, is64);
        dynamic.PositionIndependentProgram = (dynamic._values.GetValueOrDefault(DtFlags1) & Df1Pie) != 0;
        if (dynamic._values.TryGetValue(DtStrtab, out ulong strings))
        {
            dynamic._strings = ElfReader.OffsetOf(segments, strings, "dynamic string table");
            dynamic.Needed = [.. needed.Select(n => dynamic.Text(n, "needed library"))];
            dynamic.Soname = dynamic.TextOf(DtSoname, "soname");
            dynamic.Rpath = dynamic.TextOf(DtRpath, "rpath");
            dynamic.Runpath = dynamic.TextOf(DtRunpath, "runpath");
            dynamic.VersionsNeeded = dynamic.ReadVersionsNeeded();
            dynamic.VersionsDefined = dynamic.ReadVersionsDefined();
        }

        return dynamic;
    }

    private List<ulong> ReadEntries(ReadOnlySpan<byte> table, bool is64)
    {
        var needed = new List<ulong>();
        int size = is64 ? 16 : 8;
        for (; table.Length >= size; table = table[size..])
        {
            ulong tag = is64 ? _bytes.U64(table) : _bytes.U32(table);
            ulong value = is64 ? _bytes.U64(table[8..]) : _bytes.U32(table[4..]);
            if (tag == DtNull)
            {
                break;
            }

            if (tag == DtNeeded)
            {
                needed.Add(value);
            }
            else
            {
                _values[tag] = value;
            }
        }

        return needed;
    }

    private string? TextOf(ulong tag, string what) => _values.TryGetValue(tag, out ulong at) ? Text(at, what) : null;

    private string Text(ulong at, string what) => _bytes.Text(unchecked(_strings + at), what);

    /// <summary>Verneed: version, count of Vernaux, file name, offset of the first Vernaux, offset of the next Verneed.</summary>
    private List<ElfVersionNeed> ReadVersionsNeeded()
    {
        var needs = new List<ElfVersionNeed>();
        foreach (var (at, entry) in WalkTable(DtVerneed, DtVerneednum, size: 16, nextAt: 12))
        {
            string library = Text(_bytes.U32(entry.Span[4..]), "library of a version");
            int count = _bytes.U16(entry.Span[2..]);

            // Vernaux: hash, flags, index, name, offset of the next.
            foreach (var (_, auxiliary) in Walk(unchecked(at + _bytes.U32(entry.Span[8..])), (ulong)count, size: 16, nextAt: 12))
            {
                string version = Text(_bytes.U32(auxiliary.Span[8..]), "needed version");
                _versionNames[_bytes.U16(auxiliary.Span[6..])] = version;
                needs.Add(new(library, version));
            }
        }

        return needs;
    }

    /// <summary>Verdef: version, flags, index, count of Verdaux, hash, offset of the first Verdaux, offset of the next.</summary>
    private List<string> ReadVersionsDefined()
    {
        var defined = new List<string>();
        foreach (var (at, entry) in WalkTable(DtVerdef, DtVerdefnum, size: 20, nextAt: 16))
        {
            if ((_bytes.U16(entry.Span[2..]) & VerFlgBase) == 0)
            {
                // The first Verdaux is the name; those after it are its parents.
                var name = _bytes.Slice(unchecked(at + _bytes.U32(entry.Span[12..])), 8, "version definition");
                string version = Text(_bytes.U32(name.Span), "defined version");
                _versionNames[_bytes.U16(entry.Span[4..])] = version;
                defined.Add(version);
            }
        }

        return defined;
    }

    private IEnumerable<(ulong At, ReadOnlyMemory<byte> Entry)> WalkTable(ulong tag, ulong countTag, int size, int nextAt) =>
        _values.TryGetValue(tag, out ulong address)
            ? Walk(ElfReader.OffsetOf(_segments, address, "version table"), _values.GetValueOrDefault(countTag), size, nextAt)
            : [];

    /// <summary>Entries that each name the distance to the next, until the count or a distance of 0 ends them.</summary>
    private IEnumerable<(ulong At, ReadOnlyMemory<byte> Entry)> Walk(ulong at, ulong count, int size, int nextAt)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (++_versionsRead > MostVersions)
            {
                throw new ElfFormatException($"has more than {MostVersions} version entries");
            }

            var entry = _bytes.Slice(at, (ulong)size, "version entry");
            yield return (at, entry);

            uint next = _bytes.U32(entry.Span[nextAt..]);
            if (next == 0)
            {
                yield break;
            }

            at = unchecked(at + next);
        }
    }
}
