using System.Text;

namespace Provenance.Runtime.Binaries;

/// <summary>The code of a 64-bit little-endian ELF file: where it is loaded, and which functions it is made of.</summary>
/// <remarks>
/// Functions are those of .eh_frame, which is there in stripped files too, and of the symbol tables. Sources: System V ABI chapters 4
/// and 5; Linux Standard Base 5.0, 10.6 "Exception Frames". Every number in the file is taken as hostile.
/// </remarks>
internal sealed class ElfCode
{
    private const uint PtLoad = 1, ShtSymtab = 2, ShtNobits = 8, ShtDynsym = 11;
    private const int SymbolBytes = 24, SectionBytes = 64, SttFunc = 2, SttIfunc = 10;

    /// <summary>Most bytes of one table. That of a library of 1 GB has 60 MB.</summary>
    private const ulong LargestTable = 256 << 20;

    private readonly ElfBytes _bytes;
    private readonly List<ElfSegment> _loaded = [];
    private CodeFunction[]? _functions;

    private ElfCode(ElfBytes bytes)
    {
        _bytes = bytes;
        var header = bytes.Slice(0, 64, "header").Span;
        ulong offset = bytes.U64(header[32..]);
        int size = bytes.U16(header[54..]), count = bytes.U16(header[56..]);
        if (size != 56)
        {
            throw new ElfFormatException($"has program headers of {size} bytes, expected 56");
        }

        var table = bytes.Slice(offset, (ulong)size * (ulong)count, "program header table").Span;
        for (int i = 0; i < count; i++)
        {
            var one = table.Slice(i * size, size);
            if (bytes.U32(one) == PtLoad)
            {
                _loaded.Add(new ElfSegment(
                    PtLoad, bytes.U64(one[8..]), bytes.U64(one[16..]), bytes.U64(one[32..]), bytes.U64(one[48..]), bytes.U32(one[4..])));
            }
        }
    }

    /// <summary>Ordered by their starts; they may overlap.</summary>
    internal IReadOnlyList<CodeFunction> Functions => _functions ??= ReadFunctions();

    /// <summary>Segments that are executed.</summary>
    internal IEnumerable<ElfSegment> Segments => _loaded.Where(one => one.IsCode);

    /// <returns>Null when it is no 64-bit little-endian ELF file, or a broken one.</returns>
    internal static ElfCode? TryRead(ElfBytes bytes)
    {
        try
        {
            return bytes.Length >= 64 && bytes.Slice(0, 6, "identification").Span.SequenceEqual("\u007fELF\u0002\u0001"u8)
                ? new ElfCode(bytes)
                : null;
        }
        catch (ElfFormatException)
        {
            return null;
        }
    }

    /// <exception cref="ElfFormatException">It lies outside the file.</exception>
    internal ReadOnlyMemory<byte> Content(ElfSegment segment) => _bytes.Slice(segment.Offset, segment.FileSize, "segment");

    /// <summary>The address of a place in the file; null where it is not loaded.</summary>
    internal ulong? AddressOf(ulong offset)
    {
        foreach (var segment in _loaded)
        {
            if (offset >= segment.Offset && offset - segment.Offset < segment.FileSize)
            {
                return unchecked(segment.Address + (offset - segment.Offset));
            }
        }

        return null;
    }

    /// <summary>The innermost function that an address is in; with a name where one of them has one.</summary>
    internal CodeFunction? FindFunction(ulong address)
    {
        var all = Functions;
        int low = 0, high = all.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = all[middle].Start <= address ? (middle + 1, high) : (low, middle);
        }

        // Symbols of one start follow each other; enclosing ones are not far.
        const int Looked = 64;
        CodeFunction? found = null;
        for (int i = low - 1; i >= 0 && i >= low - Looked; i--)
        {
            if (address < all[i].End && (found is null || (found is { Name: null } && all[i].Start == found.Value.Start)))
            {
                found = all[i];
            }
        }

        return found;
    }

    private CodeFunction[] ReadFunctions()
    {
        var found = new List<CodeFunction>();
        try
        {
            var sections = ReadSections();
            foreach (var section in sections.Where(section => section.Type is ShtSymtab or ShtDynsym))
            {
                ReadSymbols(section, sections, found);
            }

            foreach (var section in sections.Where(section => section.Name == ".eh_frame" && section.Type != ShtNobits))
            {
                var content = _bytes.Slice(section.Offset, Bounded(section.Size, ".eh_frame"), ".eh_frame");
                EhFrame.Read(content.Span, section.Address, found);
            }
        }
        catch (ElfFormatException)
        {
            // What was read until then is right; the rest is unknown.
        }

        return [.. found.OrderBy(function => function.Start)];
    }

    private List<Section> ReadSections()
    {
        var header = _bytes.Slice(0, 64, "header").Span;
        ulong offset = _bytes.U64(header[40..]);
        int count = _bytes.U16(header[60..]), names = _bytes.U16(header[62..]);
        if (offset == 0 || count == 0 || _bytes.U16(header[58..]) != SectionBytes)
        {
            return [];
        }

        var table = _bytes.Slice(offset, (ulong)(count * SectionBytes), "section header table");
        var sections = new List<Section>(count);
        var texts = names < count ? Strings(table.Span.Slice(names * SectionBytes, SectionBytes)) : default;
        for (int i = 0; i < count; i++)
        {
            var one = table.Span.Slice(i * SectionBytes, SectionBytes);
            sections.Add(new(
                Text(texts.Span, _bytes.U32(one)), _bytes.U32(one[4..]), _bytes.U64(one[16..]), _bytes.U64(one[24..]),
                _bytes.U64(one[32..]), _bytes.U32(one[40..])));
        }

        return sections;
    }

    private ReadOnlyMemory<byte> Strings(ReadOnlySpan<byte> section) =>
        _bytes.Slice(_bytes.U64(section[24..]), Bounded(_bytes.U64(section[32..]), "string table"), "string table");

    private void ReadSymbols(Section section, List<Section> sections, List<CodeFunction> found)
    {
        var table = _bytes.Slice(section.Offset, Bounded(section.Size, "symbol table"), "symbol table").Span;
        if (section.Link >= sections.Count)
        {
            return;
        }

        var strings = sections[(int)section.Link];
        var texts = _bytes.Slice(strings.Offset, Bounded(strings.Size, "string table"), "string table").Span;
        for (int at = 0; at + SymbolBytes <= table.Length; at += SymbolBytes)
        {
            var symbol = table.Slice(at, SymbolBytes);
            int type = symbol[4] & 0xf;
            ulong start = _bytes.U64(symbol[8..]), size = _bytes.U64(symbol[16..]);
            bool isDefined = _bytes.U16(symbol[6..]) != 0;
            if (isDefined && size > 0 && (type is SttFunc or SttIfunc) && start + size > start)
            {
                found.Add(new(start, start + size, Text(texts, _bytes.U32(symbol))));
            }
        }
    }

    private static ulong Bounded(ulong size, string what) => size <= LargestTable
        ? size
        : throw new ElfFormatException($"{what} has {size} bytes, at most {LargestTable} are read");

    private static string Text(ReadOnlySpan<byte> texts, uint offset)
    {
        if (offset >= texts.Length)
        {
            return "";
        }

        var rest = texts[(int)offset..];
        int end = rest[..Math.Min(rest.Length, ElfBytes.LongestString)].IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }

    private readonly record struct Section(string Name, uint Type, ulong Address, ulong Offset, ulong Size, uint Link);
}
