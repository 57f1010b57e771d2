using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Binaries;

/// <summary>Finds the code for NVIDIA GPUs in a file: in the sections of an ELF file, or in a module (.fatbin, .cubin, .ptx).</summary>
/// <remarks>
/// NVIDIA does not publish the form. This is what <c>fatbinary</c> of CUDA 11.8 and 12.4 writes, checked with <c>cuobjdump</c>: a header of 16
/// bytes (magic, u16 version, u16 its size, u64 size of what follows), then entries: u16 kind (1 PTX, 2 machine code), u16 version, u32 size
/// of the entry's header, u64 size of its content, u16 minor and u16 major of the PTX version at 24, u32 architecture at 28, u64 flags at 40,
/// of which bit 20 stands for an architecture that ends in <c>a</c>. Contents are not looked at, so that none is decompressed.
/// Only headers are read: a library of 300 MB has a few thousand. Every number is taken as hostile.
/// </remarks>
internal sealed partial class FatBinary
{
    private const uint Magic = 0xBA55ED50;
    private const int HeaderBytes = 16, EntryBytes = 64, SectionBytes = 64;
    private const ushort Ptx = 1, Elf = 2, OtherElf = 16, MachineOfCuda = 190;
    private const ulong ArchitectureSpecific = 1 << 20;

    /// <summary>Most entries of one file. libcublasLt of CUDA 13 has 5424.</summary>
    private const int MostEntries = 1_000_000;

    /// <summary>Most bytes of a PTX module that are searched for its first lines.</summary>
    private const int StartOfPtx = 16 << 10;

    private readonly ElfBytes _bytes;
    private readonly List<GpuImages> _images = [];
    private int _entries;

    private FatBinary(ElfBytes bytes) => _bytes = bytes;

    /// <summary>Null when there is none in it, and for what cannot be read.</summary>
    /// <param name="hostPath">Where it can be read.</param>
    /// <param name="path">As the record calls it.</param>
    public static GpuCode? TryFind(string hostPath, string path)
    {
        try
        {
            using var file = File.OpenHandle(hostPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Find(new ElfBytes(file), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static GpuCode? Find(ElfBytes bytes, string path)
    {
        var found = new FatBinary(bytes);
        string? problem = null;
        try
        {
            found.Read(path);
        }
        catch (ElfFormatException e)
        {
            problem = e.Message;
        }

        // A broken ELF file is not known to have any; one that has begun is.
        return found._images.Count == 0 && (problem is null || found._entries == 0) ? null : new GpuCode
        {
            Path = path,
            Images = Merge(found._images),
            Problem = problem,
        };
    }

    private void Read(string path)
    {
        if (_bytes.Length < HeaderBytes)
        {
            return;
        }

        var start = _bytes.Slice(0, HeaderBytes, "start").Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(start) == Magic)
        {
            ReadAll(0, (ulong)_bytes.Length);
        }
        else if (ElfFile.IsElf(start[..4]) && start[4] == 2 && start[5] == 1 && _bytes.Length >= 64)
        {
            ReadElf();
        }
        else if (path.EndsWith(".ptx", StringComparison.Ordinal))
        {
            ReadPtx();
        }
    }

    private void ReadElf()
    {
        var header = _bytes.Slice(0, 64, "header").Span;
        if (_bytes.U16(header[18..]) == MachineOfCuda)
        {
            ReadCubin(header);
            return;
        }

        ulong offset = _bytes.U64(header[40..]);
        int count = _bytes.U16(header[60..]), names = _bytes.U16(header[62..]);
        if (offset == 0 || names >= count || _bytes.U16(header[58..]) != SectionBytes)
        {
            return;
        }

        var table = _bytes.Slice(offset, (ulong)count * SectionBytes, "section header table").Span;
        ulong texts = _bytes.U64(table[((names * SectionBytes) + 24)..]);
        for (int i = 0; i < count; i++)
        {
            var section = table.Slice(i * SectionBytes, SectionBytes);
            // The second is what nvcc -rdc=true makes: code that was linked for the device.
            const uint NoBits = 8;
            if (_bytes.U32(section[4..]) != NoBits && NameAt(unchecked(texts + _bytes.U32(section))) is ".nv_fatbin" or "__nv_relfatbin")
            {
                ReadAll(_bytes.U64(section[24..]), _bytes.U64(section[32..]));
            }
        }
    }

    private string? NameAt(ulong offset)
    {
        const ulong Longest = 16;
        if (offset >= (ulong)_bytes.Length)
        {
            return null;
        }

        var text = _bytes.Slice(offset, Math.Min(Longest, (ulong)_bytes.Length - offset), "section name").Span;
        int end = text.IndexOf((byte)0);
        return end < 0 ? null : Encoding.ASCII.GetString(text[..end]);
    }

    /// <summary>One after the other, with zeroes between them.</summary>
    private void ReadAll(ulong offset, ulong size)
    {
        const int Alignment = 8;
        if (offset > (ulong)_bytes.Length || size > (ulong)_bytes.Length - offset)
        {
            throw new ElfFormatException($"GPU code ends at byte {offset + (UInt128)size}, the file has {_bytes.Length}");
        }

        ulong end = offset + size;
        while (end - offset >= HeaderBytes)
        {
            var header = _bytes.Slice(offset, HeaderBytes, "fat binary").Span;
            if (BinaryPrimitives.ReadUInt64LittleEndian(header) == 0)
            {
                offset += Alignment;
                Count();
                continue;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            {
                throw new ElfFormatException($"fat binary at byte {offset} has another magic number than {Magic:x8}");
            }

            ulong headerSize = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), content = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            if (headerSize < HeaderBytes || headerSize > end - offset || content > end - offset - headerSize)
            {
                throw new ElfFormatException($"fat binary at byte {offset} has {content} bytes, of which {end - offset} are there");
            }

            ReadEntries(offset + headerSize, offset + headerSize + content);
            offset += headerSize + content;
        }
    }

    private void ReadEntries(ulong offset, ulong end)
    {
        var cubins = new List<string>();
        var ptx = new List<PtxCode>();
        while (end - offset >= EntryBytes)
        {
            Count();
            var entry = _bytes.Slice(offset, EntryBytes, "fat binary entry").Span;
            ulong header = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), content = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            if (header < EntryBytes || header > end - offset || content > end - offset - header)
            {
                throw new ElfFormatException($"fat binary entry at byte {offset} has {content} bytes, of which {end - offset} are there");
            }

            bool isSpecific = (BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]) & ArchitectureSpecific) != 0;
            string name = $"sm_{BinaryPrimitives.ReadUInt32LittleEndian(entry[28..])}{(isSpecific ? "a" : "")}";
            switch (BinaryPrimitives.ReadUInt16LittleEndian(entry))
            {
                case Elf or OtherElf:
                    cubins.Add(name);
                    break;
                case Ptx:
                    int minor = BinaryPrimitives.ReadUInt16LittleEndian(entry[24..]), major = BinaryPrimitives.ReadUInt16LittleEndian(entry[26..]);
                    ptx.Add(new PtxCode { Target = name, Version = $"{major}.{minor}" });
                    break;
            }

            offset += header + content;
        }

        Add(cubins, ptx);
    }

    private void Count()
    {
        if (++_entries > MostEntries)
        {
            throw new ElfFormatException($"has more than {MostEntries} pieces of GPU code");
        }
    }

    /// <summary>e_flags of version 7 of the ABI: the architecture in the first byte, bit 11 for one that ends in <c>a</c>.</summary>
    private void ReadCubin(ReadOnlySpan<byte> header)
    {
        const byte KnownAbi = 7;
        const uint Specific = 1 << 11;
        _entries++;
        uint flags = _bytes.U32(header[48..]);
        if (header[8] != KnownAbi)
        {
            throw new ElfFormatException($"is machine code of ABI version {header[8]}, expected {KnownAbi}");
        }

        Add([$"sm_{flags & 0xff}{((flags & Specific) != 0 ? "a" : "")}"], []);
    }

    private void ReadPtx()
    {
        var start = _bytes.Slice(0, (ulong)Math.Min(StartOfPtx, _bytes.Length), "start").Span;
        string text = Encoding.UTF8.GetString(start);
        if (PtxVersion().Match(text) is { Success: true } version && PtxTarget().Match(text) is { Success: true } target)
        {
            Add([], [new PtxCode { Target = target.Groups[1].Value, Version = version.Groups[1].Value }]);
        }
    }

    private void Add(List<string> cubins, List<PtxCode> ptx)
    {
        if (cubins.Count + ptx.Count > 0)
        {
            _images.Add(new GpuImages
            {
                Count = 1,
                Cubins = [.. cubins.Distinct().OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)],
                Ptx =
                [
                    .. ptx.Distinct().OrderBy(one => one.Target.Length).ThenBy(one => one.Target, StringComparer.Ordinal)
                        .ThenBy(one => one.Version, StringComparer.Ordinal),
                ],
            });
        }
    }

    private static GpuImages[] Merge(IEnumerable<GpuImages> images) =>
    [
        .. images.GroupBy(Text).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => same.First() with { Count = same.Sum(one => one.Count) }),
    ];

    private static string Text(GpuImages images) =>
        string.Join(' ', images.Cubins) + " | " + string.Join(' ', images.Ptx.Select(one => $"{one.Target}:{one.Version}"));

    [GeneratedRegex(@"^\s*\.version\s+(\d{1,3}\.\d{1,3})", RegexOptions.Multiline)]
    private static partial Regex PtxVersion();

    [GeneratedRegex(@"^\s*\.target\s+(sm_\d{2,3}[af]?)", RegexOptions.Multiline)]
    private static partial Regex PtxTarget();
}
