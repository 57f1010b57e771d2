namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>Says of an instruction word what it asks of the processor.</summary>
/// <remarks>
/// Instructions of A64 have 32 bits. Encodings are put into the 2048 groups that bits 31 to 21 make, of which four in five hold none:
/// one look-up tells that an instruction is baseline, and the few of a group are compared one by one.
/// </remarks>
internal static class Arm64Decoder
{
    private const int GroupShift = 21, GroupCount = 1 << (32 - GroupShift);

    private static readonly Arm64Encoding[]?[] Groups = MakeGroups();

    /// <summary>Null for the baseline; <see cref="Arm64Encoding.IsInvalid"/> for what is no instruction.</summary>
    internal static Arm64Encoding? Find(uint word)
    {
        var group = Groups[word >> GroupShift];
        if (group is null)
        {
            return null;
        }

        foreach (var encoding in group)
        {
            if (encoding.Matches(word))
            {
                return encoding;
            }
        }

        return null;
    }

    /// <summary>For people: the mnemonic and the word, as <c>ldadd (b8210042)</c>.</summary>
    internal static string Text(uint word) => $"{Find(word)?.Mnemonic ?? "inst"} ({word:x8})";

    private static Arm64Encoding[]?[] MakeGroups()
    {
        const uint High = uint.MaxValue << GroupShift;
        var all = Arm64Encodings.All.ToArray();
        var groups = new Arm64Encoding[]?[GroupCount];
        for (uint i = 0; i < GroupCount; i++)
        {
            uint word = i << GroupShift;
            Arm64Encoding[] found = [.. all.Where(encoding => (word & encoding.Mask & High) == (encoding.Value & High))];
            groups[i] = found.Length == 0 ? null : found;
        }

        return groups;
    }
}
