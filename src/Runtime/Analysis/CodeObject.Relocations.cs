using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

internal sealed partial class CodeObject
{
    private readonly Dictionary<ulong, string> _imports = [];
    private readonly HashSet<ulong> _dataPointers = [];
    private ElfSection[] _offsetTables = [];

    /// <summary>What a relative relocation puts at an address.</summary>
    private readonly Dictionary<ulong, ulong> _relativeTargets = [];

    /// <summary>Names of imported symbols by the place that the loader fills in with their address.</summary>
    internal IReadOnlyDictionary<ulong, string> Imports => _imports;

    /// <summary>Functions whose addresses stand in data: tables of methods, of callbacks, of kernels.</summary>
    internal IReadOnlySet<ulong> DataPointers => _dataPointers;

    private void ReadRelocations()
    {
        _offsetTables = [.. Image.Sections.Where(section => section.Name is ".got" or ".got.plt")];

        ReadTable(Image.Value(ElfImage.DtRela), Image.Value(ElfImage.DtRelaSize));
        ReadTable(Image.Value(ElfImage.DtJmpRel), Image.Value(ElfImage.DtPltRelSize));
        if (Image.Dynamic.Count == 0)
        {
            const uint ShtRela = 4;
            foreach (var section in Image.Sections.Where(section => section.Type == ShtRela))
            {
                ReadTable(section.Address, section.Size);
            }
        }

        ReadRelative(Image.Value(ElfImage.DtRelr), Image.Value(ElfImage.DtRelrSize));
        if (Image.IsFixed)
        {
            ReadFixedPointers();
        }
    }

    private void ReadTable(ulong address, ulong size)
    {
        var (absolute, globalData, jumpSlot, relative, indirectRelative) = Set.Relocations;
        const int EntryBytes = 24;
        long at = Image.OffsetOf(address);
        if (at < 0)
        {
            return;
        }

        ulong end = Math.Min(size, (ulong)Image.Content.Length);
        for (ulong done = 0; done + EntryBytes <= end && Image.Has(at, EntryBytes); done += EntryBytes, at += EntryBytes)
        {
            ulong place = Image.U64(at), information = Image.U64(at + 8), addend = Image.U64(at + 16);
            uint type = (uint)information;
            if (type == indirectRelative)
            {
                _resolvers.Add(addend);
            }
            else if (type == relative)
            {
                AddRelative(place, addend);
            }
            else if (type == absolute || type == globalData || type == jumpSlot)
            {
                AddImport(place, (int)Math.Min(information >> 32, int.MaxValue), type == absolute);
            }
        }
    }

    private void AddImport(ulong place, int symbol, bool isPointer)
    {
        if (symbol == 0 || symbol > Image.DynamicSymbols.Count)
        {
            return;
        }

        var target = Image.DynamicSymbols[symbol - 1];
        _imports[place] = target.Name;
        if (isPointer && target.IsDefined && Image.IsCode(target.Address))
        {
            _dataPointers.Add(target.Address);
            _relativeTargets[place] = target.Address;
        }
        else if (target.IsDefined && Set.ReadsThroughTable)
        {
            _relativeTargets[place] = target.Address;
        }
    }

    /// <summary>The address that stands at a place when the object is loaded; null where no linker put one.</summary>
    internal ulong? TableValue(ulong place)
    {
        if (_relativeTargets.TryGetValue(place, out ulong target))
        {
            return target;
        }

        return Image.IsFixed && IsInOffsetTable(place) && Image.U64(Image.OffsetOf(place)) is var value and not 0 ? value : null;
    }

    /// <summary>DT_RELR: an address, then words of which each bit is a further place. Source: System V gABI, "Relative Relocation Table".</summary>
    private void ReadRelative(ulong address, ulong size)
    {
        const int BitsOfWord = 63;
        long at = Image.OffsetOf(address);
        ulong place = 0, words = Math.Min(size, (ulong)Image.Content.Length) / 8;
        for (ulong i = 0; at >= 0 && i < words; i++, at += 8)
        {
            ulong word = Image.U64(at);
            if ((word & 1) == 0)
            {
                AddRelative(word);
                place = word + 8;
                continue;
            }

            for (int bit = 0; bit < BitsOfWord; bit++)
            {
                if ((word >> (bit + 1) & 1) != 0)
                {
                    AddRelative(unchecked(place + ((ulong)bit * 8)));
                }
            }

            place = unchecked(place + (BitsOfWord * 8));
        }
    }

    private void AddRelative(ulong place) => AddRelative(place, Image.OffsetOf(place) is var at and > 0 ? Image.U64(at) : 0);

    private void AddRelative(ulong place, ulong target)
    {
        if (target != 0 && Image.IsCode(target))
        {
            _dataPointers.Add(target);
            _relativeTargets[place] = target;
        }
        else if (Set.ReadsThroughTable || IsInOffsetTable(place))
        {
            _relativeTargets[place] = target;
        }
    }

    private bool IsInOffsetTable(ulong place) =>
        Array.Exists(_offsetTables, table => place >= table.Address && place - table.Address < table.Size);

    /// <summary>In a program with a fixed address pointers need no relocation: every word that is a function's start is taken for one.</summary>
    private void ReadFixedPointers()
    {
        foreach (var segment in Image.Segments.Where(segment => segment.IsLoaded && !segment.IsCode))
        {
            for (ulong at = 0; at + 8 <= segment.FileSize; at += 8)
            {
                ulong value = Image.U64((long)(segment.Offset + at));
                if (value != 0 && Array.BinarySearch(_starts, value) >= 0)
                {
                    _dataPointers.Add(value);
                }
            }
        }
    }
}
