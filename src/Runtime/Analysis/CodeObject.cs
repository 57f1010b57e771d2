using System.Text;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>The code of one program or library: its functions, what they ask of the processor, and which of them choose by it.</summary>
/// <remarks>
/// 1 functions: unwinding tables, symbols, entry, call targets inside large unnamed stretches · 2 relocations: imports, pointers in data,
/// IFUNC resolvers · 3 instructions · 4 who asks the processor, and who reads the answer. Every table is bounded by the file's size.
/// </remarks>
internal sealed partial class CodeObject
{
    private CodeFunction[] _functions = [];
    private ulong[] _starts = [];

    /// <exception cref="ElfFormatException">It is no 64-bit little-endian ELF file, or of a machine that is not known.</exception>
    internal CodeObject(byte[] content)
    {
        Image = new ElfImage(content);
        Set = InstructionSet.Of(this);
        GoLevel = ReadGoLevel();
        FindFunctions();
        ReadRelocations();
        SplitLargeFunctions();
        Decode();
        FindDispatchers();
    }

    internal ElfImage Image { get; }

    /// <summary>Of the machine that it is for.</summary>
    internal InstructionSet Set { get; }

    /// <summary>In order of address.</summary>
    internal IReadOnlyList<CodeFunction> Functions => _functions;

    /// <summary>All features of its instructions, but those between functions that do not decode.</summary>
    internal ulong Features { get; private set; }

    /// <summary>Code that was decoded, in bytes.</summary>
    internal long CodeBytes { get; private set; }

    /// <summary>Instructions whose results are approximate.</summary>
    internal int ApproximateCount { get; private set; }

    /// <summary>GOAMD64 or GOARM64 of a Go program: its compiler guards everything above that level. Null for what is no Go program.</summary>
    internal string? GoLevel { get; }

    /// <summary>The function whose bytes an address is among.</summary>
    internal CodeFunction? Find(ulong address)
    {
        int at = Array.BinarySearch(_starts, address);
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && address < _functions[at].End ? _functions[at] : null;
    }

    /// <summary>The function that begins at an address.</summary>
    internal CodeFunction? FindStart(ulong address) => Find(address) is { } function && function.Start == address ? function : null;

    /// <summary>Functions that the loader or <c>_start</c> calls before <c>main</c>, and after it.</summary>
    internal IEnumerable<ulong> InitialFunctions()
    {
        foreach (var (array, size) in InitialArrays())
        {
            for (ulong at = array; at < array + size; at += 8)
            {
                ulong function = _relativeTargets.TryGetValue(at, out ulong relative) ? relative : Image.U64(Image.OffsetOf(at));
                if (function != 0 && Image.IsCode(function))
                {
                    yield return function;
                }
            }
        }

        foreach (ulong tag in new[] { ElfImage.DtInit, ElfImage.DtFini })
        {
            if (Image.Value(tag) is var function and not 0)
            {
                yield return function;
            }
        }
    }

    private IEnumerable<(ulong Address, ulong Size)> InitialArrays()
    {
        const uint InitArray = 14, PreinitArray = 16;
        if (Image.Dynamic.Count == 0)
        {
            return Image.Sections.Where(section => section.Type is >= InitArray and <= PreinitArray)
                .Select(section => (section.Address, Bounded(section.Size)));
        }

        return
        [
            (Image.Value(ElfImage.DtInitArray), Bounded(Image.Value(ElfImage.DtInitArraySize))),
            (Image.Value(ElfImage.DtFiniArray), Bounded(Image.Value(ElfImage.DtFiniArraySize))),
            (Image.Value(ElfImage.DtPreinitArray), Bounded(Image.Value(ElfImage.DtPreinitArraySize))),
        ];
    }

    private ulong Bounded(ulong size) => Math.Min(size, (ulong)Image.Content.Length) & ~7UL;

    /// <summary>Source: Go, src/cmd/link/internal/ld/data.go (.go.buildinfo) and debug/buildinfo: flag 2 says that strings follow.</summary>
    private string? ReadGoLevel()
    {
        const int LongestInformation = 1 << 16;
        foreach (var section in Image.Sections.Where(section => section.Name == ".go.buildinfo" && section.Offset < int.MaxValue))
        {
            long start = (long)section.Offset, length = (long)Math.Min(section.Size, LongestInformation);
            if (!Image.Has(start, length) || length < 32)
            {
                continue;
            }

            var information = Image.Content.AsSpan((int)start, (int)length);
            return Image.Machine == ElfMachines.Arm64 ? Arm64GoLevel(information) : X86GoLevel(information);
        }

        return null;
    }

    private static string X86GoLevel(ReadOnlySpan<byte> information)
    {
        int at = information.IndexOf("GOAMD64="u8);
        return at >= 0 && at + 10 <= information.Length ? Encoding.ASCII.GetString(information.Slice(at + 8, 2)) : "v1";
    }

    /// <summary><c>v8.0</c> to <c>v9.5</c>, with options behind a comma: <c>,lse</c> asks for what v8.1 brought.</summary>
    private static string Arm64GoLevel(ReadOnlySpan<byte> information)
    {
        const int LevelLength = 4;
        int at = information.IndexOf("GOARM64=v"u8);
        if (at < 0 || at + 8 + LevelLength > information.Length)
        {
            return "v8.0";
        }

        var value = information[(at + 8)..];
        string level = Encoding.ASCII.GetString(value[..LevelLength]);
        bool hasAtomics = value[LevelLength..].StartsWith(",lse"u8) || value[LevelLength..].StartsWith(",crypto,lse"u8);
        return hasAtomics && level == "v8.0" ? "v8.1" : level;
    }

    private void SetFunctions(IEnumerable<CodeFunction> functions)
    {
        _functions = [.. functions.OrderBy(function => function.Start)];
        _starts = [.. _functions.Select(function => function.Start)];
    }
}
