namespace Provenance.Runtime.Binaries;

/// <summary>Reads the header, the program headers and what they point to.</summary>
/// <remarks>Every loop moves forward in the file or is counted, and every count has a limit.</remarks>
internal sealed class ElfReader(ElfBytes bytes)
{
    // elf.h: PT_*
    private const uint PtLoad = 1, PtDynamic = 2, PtInterp = 3, PtNote = 4, PtGnuProperty = 0x6474e553;

    /// <summary>Most bytes of one table or note segment. The largest dynamic table seen is 20 KB.</summary>
    private const ulong LargestTable = 1 << 20;

    private bool _is64;
    private IReadOnlyList<ElfSegment> _segments = [];

    /// <exception cref="ElfFormatException">It is no ELF file, or a broken one.</exception>
    internal ElfFile Read()
    {
        ReadIdentification();
        var header = Header();
        _segments = ReadSegments(header);
        var dynamic = ElfDynamic.Read(bytes, _is64, _segments, Table(PtDynamic, "dynamic section"));
        var notes = ReadNotes();
        return new()
        {
            Bits = _is64 ? 64 : 32,
            LittleEndian = bytes.LittleEndian,
            Type = (ElfType)bytes.U16(header.Span[16..]),
            Machine = bytes.U16(header.Span[18..]),
            BranchProtection = ProtectionOf(bytes.U16(header.Span[18..]) == ElfMachines.Arm64 ? notes.Aarch64Features ?? 0 : 0),
            Interpreter = ReadInterpreter(),
            Needed = dynamic.Needed,
            Soname = dynamic.Soname,
            Rpath = dynamic.Rpath,
            Runpath = dynamic.Runpath,
            PositionIndependentProgram = dynamic.PositionIndependentProgram,
            BuildId = notes.BuildId,
            MinimumKernel = notes.MinimumKernel,
            IsaNeeded = notes.IsaNeeded,
            MayOpen = notes.MayOpen,
            VersionsNeeded = dynamic.VersionsNeeded,
            VersionsDefined = dynamic.VersionsDefined,
        };
    }

    /// <summary>The symbols that the dynamic linker sees; none in a static program.</summary>
    /// <exception cref="ElfFormatException">It is no ELF file, or a broken one.</exception>
    internal IReadOnlyList<ElfVersionedSymbol> ReadSymbols()
    {
        ReadIdentification();
        _segments = ReadSegments(Header());
        return ElfDynamic.Read(bytes, _is64, _segments, Table(PtDynamic, "dynamic section")).ReadSymbols(_is64);
    }

    private void ReadIdentification()
    {
        if (bytes.Length < 16 || !ElfFile.IsElf(bytes.Slice(0, 4, "magic number").Span))
        {
            throw new ElfFormatException("does not begin with \\x7fELF");
        }

        var identification = bytes.Slice(0, 16, "identification").Span;
        _is64 = identification[4] switch
        {
            1 => false,
            2 => true,
            var other => throw new ElfFormatException($"has class {other}, expected 1 (32 bits) or 2 (64 bits)"),
        };
        bytes.LittleEndian = identification[5] switch
        {
            1 => true,
            2 => false,
            var other => throw new ElfFormatException($"has data encoding {other}, expected 1 or 2"),
        };
    }

    private ReadOnlyMemory<byte> Header() => bytes.Slice(0, _is64 ? 64u : 52u, "header");

    private List<ElfSegment> ReadSegments(ReadOnlyMemory<byte> header)
    {
        ulong offset = _is64 ? bytes.U64(header.Span[32..]) : bytes.U32(header.Span[28..]);
        int size = bytes.U16(header.Span[(_is64 ? 54 : 42)..]), count = bytes.U16(header.Span[(_is64 ? 56 : 44)..]);
        if (count > 0 && size != (_is64 ? 56 : 32))
        {
            throw new ElfFormatException($"has program headers of {size} bytes, expected {(_is64 ? 56 : 32)}");
        }

        var table = bytes.Slice(offset, (ulong)size * (ulong)count, "program header table").Span;
        var segments = new List<ElfSegment>(count);
        for (int i = 0; i < count; i++)
        {
            segments.Add(ReadSegment(table.Slice(i * size, size)));
        }

        return segments;
    }

    private ElfSegment ReadSegment(ReadOnlySpan<byte> header) => _is64
        ? new(
            bytes.U32(header), bytes.U64(header[8..]), bytes.U64(header[16..]), bytes.U64(header[32..]), bytes.U64(header[48..]),
            bytes.U32(header[4..]))
        : new(
            bytes.U32(header), bytes.U32(header[4..]), bytes.U32(header[8..]), bytes.U32(header[16..]), bytes.U32(header[28..]),
            bytes.U32(header[24..]));

    /// <summary>The whole of the first segment of a type; empty when there is none.</summary>
    private ReadOnlyMemory<byte> Table(uint type, string what)
    {
        foreach (var segment in _segments)
        {
            if (segment.Type == type)
            {
                return Content(segment, what);
            }
        }

        return default;
    }

    private ReadOnlyMemory<byte> Content(ElfSegment segment, string what) => segment.FileSize <= LargestTable
        ? bytes.Slice(segment.Offset, segment.FileSize, what)
        : throw new ElfFormatException($"{what} has {segment.FileSize} bytes, at most {LargestTable} are read");

    private static string[] ProtectionOf(uint marks)
    {
        string[] names = ["bti", "pac", "gcs"];
        return [.. names.Where((_, bit) => (marks >> bit & 1) != 0)];
    }

    private string? ReadInterpreter()
    {
        foreach (var segment in _segments)
        {
            if (segment.Type == PtInterp)
            {
                return bytes.Text(segment.Offset, "interpreter");
            }
        }

        return null;
    }

    private ElfNotes ReadNotes()
    {
        var notes = new ElfNotes(bytes, _is64);
        foreach (var segment in _segments)
        {
            // .note.gnu.property stands in both kinds in a file of today, in the second alone in some.
            if (segment.Type is PtNote or PtGnuProperty)
            {
                notes.Add(Content(segment, "note segment").Span, segment.Alignment);
            }
        }

        return notes;
    }

    /// <summary>Where in the file an address of memory lies.</summary>
    /// <exception cref="ElfFormatException">Nothing of the file is loaded there.</exception>
    internal static ulong OffsetOf(IReadOnlyList<ElfSegment> segments, ulong address, string what)
    {
        foreach (var segment in segments)
        {
            if (segment.Type == PtLoad && address >= segment.Address && address - segment.Address < segment.FileSize)
            {
                return unchecked(segment.Offset + (address - segment.Address));
            }
        }

        throw new ElfFormatException($"{what} at address 0x{address:x} is in no loaded segment");
    }
}
