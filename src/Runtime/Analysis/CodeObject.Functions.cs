using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

internal sealed partial class CodeObject
{
    /// <summary>Shorter than this between functions is padding.</summary>
    private const ulong LongestPadding = 15;

    private readonly SortedDictionary<ulong, (ulong End, string? Name, bool IsShared)> _found = [];
    private readonly HashSet<ulong> _resolvers = [];

    /// <summary>IFUNC resolvers: they run before everything else, and return the function that fits the processor.</summary>
    internal IReadOnlySet<ulong> Resolvers => _resolvers;

    private void FindFunctions()
    {
        if (!ReadUnwindHeader())
        {
            foreach (var section in Image.Sections.Where(section => section.Name == ".eh_frame"))
            {
                ReadUnwindRecords(section);
            }
        }

        foreach (var symbol in Image.Functions().Concat(Image.DynamicSymbols.Where(s => s.IsDefined && (s.IsFunction || s.IsIndirect))))
        {
            AddFunction(symbol.Address, symbol.Size, symbol.Name, symbol.IsWeak && symbol.Name.StartsWith("_Z", StringComparison.Ordinal));
            if (symbol.IsIndirect)
            {
                _resolvers.Add(symbol.Address);
            }
        }

        AddFunction(Image.Entry, 0, "_start");
        AddFunction(Image.Value(ElfImage.DtInit), 0, "_init");
        AddFunction(Image.Value(ElfImage.DtFini), 0, "_fini");
        var stretches = CodeStretches().ToList();
        foreach (var (name, address, size) in stretches)
        {
            AddStretch(name, address, size);
        }

        SetFunctions(WithEnds(stretches));
        _found.Clear();
    }

    /// <summary>Sections of code; without section headers, segments.</summary>
    private IEnumerable<(string Name, ulong Address, ulong Size)> CodeStretches()
    {
        const ulong Executable = 4;
        const uint ProgramBits = 1;
        var sections = Image.Sections
            .Where(section => (section.Flags & Executable) != 0 && section.Type == ProgramBits && section.Size > 0 && Image.IsCode(section.Address))
            .Select(section => (section.Name, section.Address, section.Size))
            .ToList();
        return sections.Count > 0
            ? sections
            : Image.Segments.Where(segment => segment.IsCode).Select(segment => ("", segment.Address, segment.FileSize));
    }

    /// <summary>The stubs of a linkage table have no names and no unwinding records of their own.</summary>
    private void AddStretch(string name, ulong address, ulong size)
    {
        AddFunction(address, 0, null);
        if (!name.StartsWith(".plt", StringComparison.Ordinal) && name != ".iplt")
        {
            return;
        }

        foreach (ulong at in Set.Stubs(name, address, size))
        {
            AddFunction(at, Set.LongestStub, null);
        }
    }

    private void AddFunction(ulong address, ulong length, string? name, bool isShared = false)
    {
        if (address == 0 || !Image.IsCode(address) || length > (ulong)Image.Content.Length)
        {
            return;
        }

        var known = _found.GetValueOrDefault(address);
        _found[address] = (Math.Max(known.End, address + length), known.Name ?? name, known.IsShared || isShared);
    }

    /// <summary>Each ends where it says, or where the next one or its section does.</summary>
    private IEnumerable<CodeFunction> WithEnds(List<(string Name, ulong Address, ulong Size)> stretches)
    {
        var found = _found.ToList();
        for (int i = 0; i < found.Count; i++)
        {
            var (start, (end, name, isShared)) = found[i];
            ulong limit = i + 1 < found.Count ? found[i + 1].Key : ulong.MaxValue;
            var stretch = stretches.Find(s => start >= s.Address && start - s.Address < s.Size);
            if (stretch.Size == 0)
            {
                continue;
            }

            limit = Math.Min(limit, stretch.Address + stretch.Size);
            bool leavesGap = end > start && end < limit;
            yield return new(start, leavesGap ? end : limit, name) { IsShared = isShared };
            if (leavesGap && limit - end > LongestPadding)
            {
                yield return new(end, limit, null) { IsGap = true };
            }
        }
    }

    /// <summary>.eh_frame_hdr stands in stripped files too: a sorted table of functions. Source: Linux Standard Base 5.0, "Exception Frames".</summary>
    private bool ReadUnwindHeader()
    {
        const uint PtGnuEhFrame = 0x6474e550;
        const byte Version = 1, CountUdata4 = 3, TableDatarelSdata4 = 0x3b;
        bool isThere = false;
        foreach (var segment in Image.Segments.Where(segment => segment.Type == PtGnuEhFrame))
        {
            isThere = true;
            long at = (long)segment.Offset;
            if (Image.U8(at) != Version || Image.U8(at + 2) != CountUdata4 || Image.U8(at + 3) != TableDatarelSdata4)
            {
                continue;
            }

            uint count = Image.U32(at + 8);
            for (uint i = 0; i < count && Image.Has(at + 12 + (i * 8L), 8); i++)
            {
                ulong function = unchecked(segment.Address + (ulong)(int)Image.U32(at + 12 + (i * 8L)));
                ulong record = unchecked(segment.Address + (ulong)(int)Image.U32(at + 16 + (i * 8L)));
                long recordAt = Image.OffsetOf(record);
                AddFunction(function, recordAt > 0 ? Image.U32(recordAt + 12) : 0, null);
            }
        }

        return isThere;
    }

    /// <summary>Static programs have the records alone. Pointers are 4 bytes relative to their place, or absolute.</summary>
    private void ReadUnwindRecords(ElfSection section)
    {
        long at = (long)section.Offset, end = at + (long)Math.Min(section.Size, (ulong)Image.Content.Length);
        var encodings = new Dictionary<long, byte>();
        while (at + 8 <= end)
        {
            uint length = Image.U32(at);
            if (length == uint.MaxValue)
            {
                return;
            }

            long body = at + 4, next = body + length;
            uint id = Image.U32(body);
            if (length != 0 && id == 0)
            {
                encodings[at] = PointerEncoding(body);
            }
            else if (length != 0 && encodings.TryGetValue(body - id, out byte encoding))
            {
                AddUnwound(section, body, encoding);
            }

            at = next;
        }
    }

    private void AddUnwound(ElfSection section, long body, byte encoding)
    {
        const int Relative = 0x10, Udata4 = 3, Sdata4 = 11;
        bool isShort = (encoding & 15) is Udata4 or Sdata4, isRelative = (encoding & 0x70) == Relative;
        ulong here = section.Address + (ulong)(body + 4 - (long)section.Offset);
        ulong start = isShort ? (ulong)(int)Image.U32(body + 4) : Image.U64(body + 4);
        AddFunction(isRelative ? unchecked(here + start) : start, isShort ? Image.U32(body + 8) : Image.U64(body + 12), null);
    }

    /// <summary>Letter R of a CIE's augmentation; 0 is an absolute pointer of 8 bytes.</summary>
    private byte PointerEncoding(long body)
    {
        string augmentation = Image.Text(body + 5);
        if (!augmentation.StartsWith('z'))
        {
            return 0;
        }

        long at = body + 5 + augmentation.Length + 1;
        for (int skipped = 0; skipped < 4; skipped++)
        {
            at = AfterLeb128(at);
        }

        foreach (char letter in augmentation.AsSpan(1))
        {
            switch (letter)
            {
                case 'R':
                    return Image.U8(at);
                case 'P':
                    at += 1 + ((Image.U8(at) & 15) switch { 2 or 10 => 2, 3 or 11 => 4, _ => 8 });
                    break;
                case 'L':
                    at++;
                    break;
                default:
                    break;
            }
        }

        return 0;
    }

    private long AfterLeb128(long at)
    {
        while ((Image.U8(at) & 0x80) != 0)
        {
            at++;
        }

        return at + 1;
    }

    /// <summary>A large stretch that nothing names is many functions: split where something in it is called or pointed to.</summary>
    private void SplitLargeFunctions()
    {
        var large = _functions.Where(Set.IsToSplit).ToHashSet();
        if (large.Count == 0)
        {
            return;
        }

        var starts = new SortedSet<ulong>(_dataPointers);
        foreach (var function in _functions.Where(function => Set.SearchesAll || large.Contains(function)))
        {
            Set.StartsIn(function, starts);
        }

        SetFunctions(_functions.SelectMany(function => large.Contains(function) ? Split(function, starts) : [function]));
    }

    private IEnumerable<CodeFunction> Split(CodeFunction function, SortedSet<ulong> starts)
    {
        ulong start = function.Start;
        string? name = function.Name;
        bool isGap = function.IsGap && Set.SearchesAll;
        foreach (ulong next in starts.GetViewBetween(function.Start + 1, function.End - 1))
        {
            yield return new(start, next, name) { IsShared = function.IsShared, IsGap = isGap };
            (start, name) = (next, null);
        }

        yield return new(start, function.End, name) { IsGap = isGap };
    }
}
