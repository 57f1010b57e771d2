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
            var functions = new Dictionary<CodeFunction, HashSet<int>>();
            int from = 0;
            while (content.Span[from..].IndexOf(Cpuid) is >= 0 and var found)
            {
                int place = from + found;
                bool? isInstruction = IsInstruction(code, segment, content, place, functions);
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

    /// <param name="functions">What was found in those that were decoded already.</param>
    /// <returns>Null when it reads like one and no function is known that it is in.</returns>
    private static bool? IsInstruction(
        ElfCode code, ElfSegment segment, ReadOnlyMemory<byte> content, int place, Dictionary<CodeFunction, HashSet<int>> functions)
    {
        ulong address = segment.Address + (ulong)place;
        if (code.FindFunction(address) is { } function && function.Start >= segment.Address)
        {
            if (!functions.TryGetValue(function, out var places))
            {
                int from = (int)(function.Start - segment.Address);
                int to = (int)Math.Min(function.End - segment.Address, (ulong)content.Length);
                functions[function] = places = Decode(content[from..to], from);
            }

            return places.Contains(place);
        }

        int met = 0, tried = 0;
        for (int lead = LeastLead; lead <= LongestLead && place - lead >= 0; lead++, tried++)
        {
            met += Decode(content[(place - lead)..(place + Cpuid.Length)], place - lead).Contains(place) ? 1 : 0;
        }

        return met * 4 > tried * 3 ? null : false;
    }

    /// <summary>Where CPUID stands among instructions that follow each other; from an invalid one on nothing is believed.</summary>
    private static HashSet<int> Decode(ReadOnlyMemory<byte> content, int from)
    {
        var places = new HashSet<int>();
        var decoder = Decoder.Create(64, content.ToArray());
        decoder.IP = (ulong)from;
        ulong end = (ulong)(from + content.Length);
        while (decoder.IP < end)
        {
            var instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                break;
            }

            if (instruction.Code == Code.Cpuid)
            {
                places.Add((int)instruction.IP);
            }
        }

        return places;
    }
}
