using System.Text.Json;

namespace Provenance.Runtime.Binaries;

/// <summary>The notes that GNU tools leave: build-id, minimum kernel, properties; and what a file says that it opens with dlopen(3).</summary>
/// <remarks>
/// Sources: elf.h, NT_GNU_*; Linux ABI extensions, "Program Property"; systemd, "dlopen() Metadata for ELF Files": a note of type 0x407c0c0a
/// by "FDO", a JSON array of objects whose <c>soname</c> is an array of names, any of which will do.
/// </remarks>
internal sealed class ElfNotes(ElfBytes bytes, bool is64)
{
    private const uint AbiTag = 1, BuildIdType = 3, Property = 5;
    private const uint X86Isa1Needed = 0xc0008002, Aarch64Feature1And = 0xc0000000;
    private const uint Dlopen = 0x407c0c0a;
    private const int NoteHeaderBytes = 12;

    /// <summary>Most libraries that a file can say it opens. libsystemd-shared has 30.</summary>
    private const int MostOpened = 200;

    private readonly List<string> _mayOpen = [];

    internal string? BuildId { get; private set; }

    internal string? MinimumKernel { get; private set; }

    internal uint? IsaNeeded { get; private set; }

    /// <summary>GNU_PROPERTY_AARCH64_FEATURE_1_AND; null without one. On x86 the same number is nobody's.</summary>
    internal uint? Aarch64Features { get; private set; }

    /// <summary>SONAMEs, in the order of the notes.</summary>
    internal IReadOnlyList<string> MayOpen => _mayOpen;

    /// <param name="segment">A PT_NOTE or PT_GNU_PROPERTY segment.</param>
    /// <param name="alignment">p_align: 8 for property notes of 64-bit files, 4 (also written 0 or 1) for all others.</param>
    internal void Add(ReadOnlySpan<byte> segment, ulong alignment)
    {
        int unit = alignment == 8 ? 8 : 4;
        while (segment.Length >= NoteHeaderBytes)
        {
            uint nameLength = bytes.U32(segment), contentLength = bytes.U32(segment[4..]), type = bytes.U32(segment[8..]);
            ulong contentAt = Align(NoteHeaderBytes + (ulong)nameLength, unit);
            ulong end = contentAt + contentLength;
            if (end > (ulong)segment.Length)
            {
                // Linkers pad segments with zeroes; what does not fit is padding, or a file that lies to no one but itself.
                return;
            }

            if (nameLength == 4 && segment.Slice(NoteHeaderBytes, 4).SequenceEqual("GNU\0"u8))
            {
                AddGnu(type, segment.Slice((int)contentAt, (int)contentLength));
            }

            if (type == Dlopen && nameLength == 4 && segment.Slice(NoteHeaderBytes, 4).SequenceEqual("FDO\0"u8))
            {
                AddOpened(segment.Slice((int)contentAt, (int)contentLength));
            }

            segment = segment[(int)Math.Min(Align(end, unit), (ulong)segment.Length)..];
        }
    }

    /// <summary>A note that is no JSON says nothing.</summary>
    private void AddOpened(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content.TrimEnd((byte)0));
        try
        {
            bool isSoname = false;
            while (reader.Read() && _mayOpen.Count < MostOpened)
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    isSoname = reader.ValueTextEquals("soname"u8);
                }
                else if (isSoname && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } name)
                {
                    _mayOpen.Add(name);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            _mayOpen.Clear();
        }
    }

    private void AddGnu(uint type, ReadOnlySpan<byte> content)
    {
        switch (type)
        {
            case BuildIdType when content.Length > 0:
                BuildId = Convert.ToHexStringLower(content);
                break;

            // The first word is the system: 0 is Linux.
            case AbiTag when content.Length >= 16 && bytes.U32(content) == 0:
                MinimumKernel = $"{bytes.U32(content[4..])}.{bytes.U32(content[8..])}.{bytes.U32(content[12..])}";
                break;

            case Property:
                AddProperties(content);
                break;
        }
    }

    private void AddProperties(ReadOnlySpan<byte> properties)
    {
        while (properties.Length >= 8)
        {
            uint type = bytes.U32(properties), length = bytes.U32(properties[4..]);
            if (length > (uint)properties.Length - 8)
            {
                return;
            }

            if (type == X86Isa1Needed && length >= 4)
            {
                IsaNeeded = (IsaNeeded ?? 0) | bytes.U32(properties[8..]);
            }

            if (type == Aarch64Feature1And && length >= 4)
            {
                Aarch64Features = (Aarch64Features ?? uint.MaxValue) & bytes.U32(properties[8..]);
            }

            properties = properties[(int)Math.Min(Align(8 + (ulong)length, is64 ? 8 : 4), (ulong)properties.Length)..];
        }
    }

    private static ulong Align(ulong value, int unit) => (value + (ulong)unit - 1) / (ulong)unit * (ulong)unit;
}
