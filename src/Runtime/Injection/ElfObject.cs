using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>A program or library of the job, of the image or of the host, with what the dynamic linker sees of it.</summary>
internal sealed class ElfObject
{
    private IReadOnlyList<ElfVersionedSymbol>? _symbols;
    private HashSet<string>? _exports;

    private ElfObject(string path, string hostPath, ElfFile file, bool isFromHost)
    {
        (Path, HostPath, File, IsFromHost) = (path, hostPath, file, isFromHost);
    }

    /// <summary>Where the job finds it; of a host's file, where the host has it.</summary>
    public string Path { get; }

    /// <summary>Where it can be read.</summary>
    public string HostPath { get; }

    public ElfFile File { get; }

    public bool IsFromHost { get; }

    /// <summary>What others ask for it by: its SONAME, or the name of its file.</summary>
    public string Name => File.Soname ?? System.IO.Path.GetFileName(Path);

    /// <summary>Names of the symbols it gives to others.</summary>
    public IReadOnlySet<string> Exports =>
        _exports ??= Symbols.Where(symbol => symbol.IsDefined).Select(symbol => symbol.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Names of the symbols it must have from others.</summary>
    public IEnumerable<string> Imports => Symbols.Where(symbol => symbol is { IsDefined: false, IsWeak: false }).Select(symbol => symbol.Name).Distinct();

    /// <summary>The same with those that it can do without.</summary>
    public IEnumerable<string> Wishes => Symbols.Where(symbol => !symbol.IsDefined).Select(symbol => symbol.Name).Distinct();

    private IReadOnlyList<ElfVersionedSymbol> Symbols => _symbols ??= ReadSymbols();

    /// <summary>Null for what is no ELF file, is broken, or may not be read.</summary>
    /// <param name="path">Where the job finds it.</param>
    /// <param name="hostPath">Where it can be read.</param>
    /// <param name="isFromHost">Whether it is not the image's.</param>
    public static ElfObject? TryRead(string path, string hostPath, bool isFromHost)
    {
        try
        {
            return new ElfObject(path, hostPath, ElfFile.Read(hostPath), isFromHost);
        }
        catch (Exception e) when (e is ElfFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsLike(ElfFile other) =>
        File.Machine == other.Machine && File.Bits == other.Bits && File.LittleEndian == other.LittleEndian;

    /// <summary>A broken table gives nothing and takes nothing: the dynamic linker will say what it thinks of it.</summary>
    private IReadOnlyList<ElfVersionedSymbol> ReadSymbols()
    {
        try
        {
            return ElfFile.ReadSymbols(HostPath);
        }
        catch (Exception e) when (e is ElfFormatException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
