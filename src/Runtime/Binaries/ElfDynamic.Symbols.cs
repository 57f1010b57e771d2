using System.Text;

namespace Provenance.Runtime.Binaries;

/// <remarks>Source: System V ABI chapter 4, "Symbol Table", and 5, "Hash Table"; for DT_GNU_HASH, which no standard has, elf/dl-lookup.c of glibc.</remarks>
internal sealed partial class ElfDynamic
{
    // elf.h: DT_*, SHN_UNDEF, STB_*
    private const ulong DtHash = 4, DtSymtab = 6, DtStrsz = 10, DtGnuHash = 0x6ffffef5, DtVersym = 0x6ffffff0;
    private const int ShnUndef = 0, StbGlobal = 1, StbWeak = 2, StbUnique = 10;

    /// <summary>Most symbols and most bytes of their names. libtorch_cpu.so has 250,000 and 30 MB.</summary>
    private const uint MostSymbols = 4_000_000;
    private const ulong LargestStrings = 256 << 20;

    /// <summary>Global and weak symbols, in the order of the table; none without a table.</summary>
    internal IReadOnlyList<ElfVersionedSymbol> ReadSymbols(bool is64)
    {
        if (!_values.TryGetValue(DtSymtab, out ulong address) || CountSymbols(is64) is not (> 0 and var count))
        {
            return [];
        }

        int size = is64 ? 24 : 16;
        var table = _bytes.Slice(
            ElfReader.OffsetOf(_segments, address, "symbol table"), count * (ulong)size, "symbol table").Span;
        var versions = _values.TryGetValue(DtVersym, out ulong versym)
            ? _bytes.Slice(ElfReader.OffsetOf(_segments, versym, "version table"), count * 2ul, "version table").Span
            : default;
        var names = ReadNames();
        var symbols = new List<ElfVersionedSymbol>((int)count);
        for (int i = 0; i < (int)count; i++)
        {
            // Elf64_Sym: name, info, other, shndx, value, size. Elf32_Sym: name, value, size, info, other, shndx.
            var entry = table.Slice(i * size, size);
            int binding = entry[is64 ? 4 : 12] >> 4;
            if (binding is StbGlobal or StbWeak or StbUnique)
            {
                int index = versions.IsEmpty ? 0 : _bytes.U16(versions[(i * 2)..]) & 0x7fff;
                bool defined = _bytes.U16(entry[(is64 ? 6 : 14)..]) != ShnUndef;
                symbols.Add(new(NameAt(names.Span, _bytes.U32(entry)), _versionNames.GetValueOrDefault(index), defined, binding == StbWeak));
            }
        }

        return symbols;
    }

    private ReadOnlyMemory<byte> ReadNames()
    {
        ulong length = _values.GetValueOrDefault(DtStrsz);
        return length <= LargestStrings
            ? _bytes.Slice(_strings, length, "dynamic string table")
            : throw new ElfFormatException($"dynamic string table has {length} bytes, at most {LargestStrings} are read");
    }

    private static string NameAt(ReadOnlySpan<byte> names, uint at)
    {
        if (at >= names.Length)
        {
            throw new ElfFormatException($"symbol name at byte {at}, the string table has {names.Length}");
        }

        int end = names[(int)at..].IndexOf((byte)0);
        return end is >= 0 and <= ElfBytes.LongestString
            ? Encoding.UTF8.GetString(names.Slice((int)at, end))
            : throw new ElfFormatException($"symbol name at byte {at} does not end");
    }

    /// <summary>The dynamic section does not say how many symbols there are; its hash tables do.</summary>
    private uint CountSymbols(bool is64)
    {
        uint count = 0;
        if (_values.TryGetValue(DtHash, out ulong hash))
        {
            count = _bytes.U32(_bytes.Slice(ElfReader.OffsetOf(_segments, hash, "hash table") + 4, 4, "hash table").Span);
        }
        else if (_values.TryGetValue(DtGnuHash, out ulong gnu))
        {
            count = CountByGnuHash(ElfReader.OffsetOf(_segments, gnu, "hash table"), is64);
        }

        return count <= MostSymbols ? count : throw new ElfFormatException($"has {count} symbols, at most {MostSymbols} are read");
    }

    /// <summary>Header: buckets, first hashed symbol, words of the Bloom filter, shift. Then the filter, the buckets, and the chains.</summary>
    private uint CountByGnuHash(ulong at, bool is64)
    {
        var header = _bytes.Slice(at, 16, "hash table").Span;
        uint buckets = _bytes.U32(header), first = _bytes.U32(header[4..]), filter = _bytes.U32(header[8..]);
        if (buckets > MostSymbols || filter > MostSymbols)
        {
            throw new ElfFormatException($"has a hash table of {buckets} buckets, at most {MostSymbols} are read");
        }

        ulong table = at + 16 + (filter * (is64 ? 8ul : 4ul));
        uint last = 0;
        var starts = _bytes.Slice(table, buckets * 4ul, "hash table").Span;
        for (int i = 0; i < (int)buckets; i++)
        {
            last = Math.Max(last, _bytes.U32(starts[(i * 4)..]));
        }

        if (last < first)
        {
            // Nothing is defined, and binutils then writes 1 for the first hashed symbol, however many others there are. Linkers
            // let the names follow the symbols.
            ulong symbols = _values.GetValueOrDefault(DtSymtab), names = _values.GetValueOrDefault(DtStrtab);
            return names > symbols ? (uint)Math.Min((names - symbols) / (is64 ? 24ul : 16ul), uint.MaxValue) : first;
        }

        // The chain that begins last ends with an odd word.
        for (ulong chains = table + (buckets * 4ul); last <= MostSymbols; last++)
        {
            if ((_bytes.U32(_bytes.Slice(chains + ((last - first) * 4ul), 4, "hash chain").Span) & 1) != 0)
            {
                return last + 1;
            }
        }

        throw new ElfFormatException($"has a hash chain that does not end within {MostSymbols} symbols");
    }
}
