using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Binaries;

/// <summary>The bytes of a 64-bit little-endian ELF file with what is needed to read its code: segments, sections, symbols.</summary>
/// <remarks>
/// What lies outside the file reads as zero, so that a broken file gives less and never an error: whoever wants to know whether it is
/// broken asks <see cref="ElfFile"/>. Source: System V ABI chapters 4 and 5; elf.h.
/// </remarks>
internal sealed class ElfImage
{
    // elf.h: DT_*, SHT_*
    internal const ulong DtPltRelSize = 2, DtHash = 4, DtStrtab = 5, DtSymtab = 6, DtRela = 7, DtRelaSize = 8, DtInit = 12, DtFini = 13,
        DtJmpRel = 23, DtInitArray = 25, DtFiniArray = 26, DtInitArraySize = 27, DtFiniArraySize = 28, DtPreinitArray = 32,
        DtPreinitArraySize = 33, DtRelrSize = 35, DtRelr = 36, DtGnuHash = 0x6ffffef5;
    private const uint PtDynamic = 2, ShtSymtab = 2, ShtDynsym = 11;
    private const int SegmentBytes = 56, SectionBytes = 64, SymbolBytes = 24, LongestName = 4096;

    /// <summary>Most sections and segments that are looked at: real files have below a hundred.</summary>
    private const int MostHeaders = 4096;

    /// <summary>Most symbols of one table. libLLVM has 50,000, a debug build of Chromium some millions.</summary>
    private const int MostSymbols = 4_000_000;

    private readonly byte[] _content;
    private readonly ElfSegment[] _loaded;
    private ElfSegment _lastFound;

    /// <exception cref="ElfFormatException">It is no 64-bit little-endian ELF file.</exception>
    internal ElfImage(byte[] content)
    {
        _content = content;
        if (content.Length < 64 || !ElfFile.IsElf(content) || content[4] != 2 || content[5] != 1)
        {
            throw new ElfFormatException("is not for a 64-bit little-endian machine");
        }

        Machine = U16(18);
        IsFixed = U16(16) == (ushort)ElfType.Executable;
        Entry = U64(24);
        Segments = ReadSegments();
        _loaded = [.. Segments.Where(segment => segment.IsLoaded)];
        Sections = ReadSections();
        foreach (var segment in Segments.Where(segment => segment.Type == PtDynamic))
        {
            ReadDynamic(segment);
        }

        DynamicSymbols = ReadDynamicSymbols();
    }

    /// <summary>A program with a fixed address: addresses stand in its instructions as numbers.</summary>
    internal bool IsFixed { get; }

    /// <summary>Field e_machine.</summary>
    internal int Machine { get; }

    internal ulong Entry { get; }

    internal IReadOnlyList<ElfSegment> Segments { get; }

    internal IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>Values of the dynamic section by tag; empty in a static program.</summary>
    internal Dictionary<ulong, ulong> Dynamic { get; } = [];

    /// <summary>In order, the first without the empty symbol 0.</summary>
    internal IReadOnlyList<ElfSymbol> DynamicSymbols { get; }

    internal byte[] Content => _content;

    internal ulong Value(ulong tag) => Dynamic.GetValueOrDefault(tag);

    internal ushort U16(long at) => Has(at, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(_content.AsSpan((int)at)) : (ushort)0;

    internal uint U32(long at) => Has(at, 4) ? BinaryPrimitives.ReadUInt32LittleEndian(_content.AsSpan((int)at)) : 0;

    internal ulong U64(long at) => Has(at, 8) ? BinaryPrimitives.ReadUInt64LittleEndian(_content.AsSpan((int)at)) : 0;

    internal byte U8(long at) => Has(at, 1) ? _content[at] : (byte)0;

    internal bool Has(long at, long length) => at >= 0 && length >= 0 && at <= _content.Length && length <= _content.Length - at;

    internal string Text(long at)
    {
        if (!Has(at, 1))
        {
            return "";
        }

        var rest = _content.AsSpan((int)at, (int)Math.Min(LongestName, _content.Length - at));
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Where in the file an address lies; -1 for what the file does not fill.</summary>
    internal long OffsetOf(ulong address)
    {
        if (!_lastFound.Holds(address) && !Find(address))
        {
            return -1;
        }

        ulong offset = unchecked(_lastFound.Offset + (address - _lastFound.Address));
        return offset < (ulong)_content.Length ? (long)offset : -1;
    }

    internal bool IsCode(ulong address) => (_lastFound.Holds(address) || Find(address)) && _lastFound.IsCode;

    /// <summary>Functions of the full symbol table, which most files are stripped of.</summary>
    internal IEnumerable<ElfSymbol> Functions() => Symbols().Where(symbol => symbol.IsDefined && (symbol.IsFunction || symbol.IsIndirect));

    /// <summary>Of the full symbol table.</summary>
    internal IEnumerable<ElfSymbol> Symbols()
    {
        foreach (var section in Sections.Where(section => section.Type == ShtSymtab && section.Link < Sections.Count))
        {
            long names = (long)Sections[(int)section.Link].Offset;
            ulong count = Math.Min(section.Size / SymbolBytes, MostSymbols);
            for (ulong i = 1; i < count; i++)
            {
                yield return ReadSymbol((long)(section.Offset + (i * SymbolBytes)), names);
            }
        }
    }

    private bool Find(ulong address)
    {
        foreach (var segment in _loaded)
        {
            if (segment.Holds(address))
            {
                _lastFound = segment;
                return true;
            }
        }

        return false;
    }

    private List<ElfSegment> ReadSegments()
    {
        var segments = new List<ElfSegment>();
        long table = (long)U64(32);
        int count = U16(54) == SegmentBytes ? Math.Min((int)U16(56), MostHeaders) : 0;
        for (int i = 0; i < count && Has(table, SegmentBytes); i++, table += SegmentBytes)
        {
            ulong offset = U64(table + 8), size = U64(table + 32);
            ulong within = offset < (ulong)_content.Length ? Math.Min(size, (ulong)_content.Length - offset) : 0;
            segments.Add(new(U32(table), offset, U64(table + 16), within, U64(table + 48), U32(table + 4), U64(table + 40)));
        }

        return segments;
    }

    private List<ElfSection> ReadSections()
    {
        var sections = new List<ElfSection>();
        long table = (long)U64(40);
        int count = U16(58) == SectionBytes ? Math.Min((int)U16(60), MostHeaders) : 0, namesAt = U16(62);
        if (table <= 0 || count == 0 || namesAt >= count || !Has(table, (long)count * SectionBytes))
        {
            return sections;
        }

        long names = (long)U64(table + ((long)namesAt * SectionBytes) + 24);
        for (int i = 0; i < count; i++, table += SectionBytes)
        {
            sections.Add(new(
                Text(names + U32(table)), U32(table + 4), U64(table + 8), U64(table + 16), U64(table + 24), U64(table + 32), U32(table + 40)));
        }

        return sections;
    }

    private void ReadDynamic(ElfSegment segment)
    {
        for (ulong at = 0; at + 16 <= segment.FileSize; at += 16)
        {
            long entry = (long)(segment.Offset + at);
            ulong tag = U64(entry);
            if (tag == 0)
            {
                return;
            }

            Dynamic[tag] = U64(entry + 8);
        }
    }

    private List<ElfSymbol> ReadDynamicSymbols()
    {
        var symbols = new List<ElfSymbol>();
        long table = OffsetOf(Value(DtSymtab)), names = OffsetOf(Value(DtStrtab));
        if (table <= 0 || names <= 0)
        {
            return symbols;
        }

        long count = Math.Min(Math.Min(CountDynamicSymbols(), MostSymbols), (_content.Length - table) / SymbolBytes);
        for (long i = 1; i < count; i++)
        {
            symbols.Add(ReadSymbol(table + (i * SymbolBytes), names));
        }

        return symbols;
    }

    /// <summary>No table says it: the section header does, else the hash table's last chain.</summary>
    private long CountDynamicSymbols()
    {
        foreach (var section in Sections.Where(section => section.Type == ShtDynsym))
        {
            return (long)(section.Size / SymbolBytes);
        }

        if (OffsetOf(Value(DtHash)) is var hash and > 0)
        {
            return U32(hash + 4);
        }

        long table = OffsetOf(Value(DtGnuHash));
        if (table <= 0)
        {
            return 0;
        }

        // Source: https://flapenguin.me/elf-dt-gnu-hash and glibc, elf/dl-lookup.c: buckets, first symbol, words of the Bloom filter.
        uint buckets = U32(table), first = U32(table + 4);
        long at = table + 16 + ((long)U32(table + 8) * 8), chains = at + ((long)buckets * 4);
        uint last = 0;
        for (long i = 0; i < buckets && Has(at + (i * 4), 4); i++)
        {
            last = Math.Max(last, U32(at + (i * 4)));
        }

        if (last < first)
        {
            return first;
        }

        while (Has(chains + ((long)(last - first) * 4), 4) && (U32(chains + ((long)(last - first) * 4)) & 1) == 0)
        {
            last++;
        }

        return last + 1L;
    }

    private ElfSymbol ReadSymbol(long at, long names) =>
        new(Text(names + U32(at)), U8(at + 4), U16(at + 6), U64(at + 8), U64(at + 16));
}
