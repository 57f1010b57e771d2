using Iced.Intel;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Pinning;

/// <summary>Where in a file CPUID instructions stand.</summary>
/// <param name="Offsets">Offsets in the file, each proved by decoding its function from the beginning.</param>
/// <param name="Unproved">Places outside every known function that read like one: they may be data, and are left alone.</param>
internal sealed record CpuidSites(IReadOnlyList<ulong> Offsets, int Unproved)
{
    public static CpuidSites None { get; } = new([], 0);

    private static readonly byte[] Cpuid = [0x0f, 0xa2];

    // A wrong beginning falls into step with the true instructions within a few of them.
    private const int LongestLead = 48, LeastLead = 16;

    public static CpuidSites Find(ElfCode code)
    {
        var offsets = new List<ulong>();
        int unproved = 0;
        foreach (var segment in code.Segments)
        {
            var content = code.Content(segment);
            int from = 0;
            while (content.Span[from..].IndexOf(Cpuid) is >= 0 and var found)
            {
                int place = from + found;
                bool? isInstruction = IsInstruction(code, segment, content, place);
                unproved += isInstruction is null ? 1 : 0;
                if (isInstruction == true)
                {
                    offsets.Add(segment.Offset + (ulong)place);
                }

                from = place + 1;
            }
        }

        return new(offsets, unproved);
    }

    /// <returns>Null when it reads like one and no function is known that it is in.</returns>
    private static bool? IsInstruction(ElfCode code, ElfSegment segment, ReadOnlyMemory<byte> content, int place)
    {
        ulong address = segment.Address + (ulong)place;
        if (code.FindFunction(address) is { } function && function.Start >= segment.Address)
        {
            return Meets(content.Span, (int)(function.Start - segment.Address), place);
        }

        int met = 0, tried = 0;
        for (int lead = LeastLead; lead <= LongestLead && place - lead >= 0; lead++, tried++)
        {
            met += Meets(content.Span, place - lead, place) ? 1 : 0;
        }

        return met * 4 > tried * 3 ? null : false;
    }

    /// <summary>Whether instructions that follow each other from one place come to another, and it is CPUID.</summary>
    private static bool Meets(ReadOnlySpan<byte> content, int from, int place)
    {
        var decoder = Decoder.Create(64, content[from..(place + Cpuid.Length)].ToArray());
        decoder.IP = (ulong)from;
        while (decoder.IP < (ulong)place)
        {
            if (decoder.Decode().IsInvalid)
            {
                return false;
            }
        }

        return decoder.IP == (ulong)place && decoder.Decode().Code == Code.Cpuid;
    }
}
